from django.urls import include, path

from initiatives.admin.site import site

urlpatterns = [
    path("admin/mot-de-passe/", include("initiatives.admin.password_reset")),
    path("admin/", site.urls),
    path("", include("initiatives.urls")),
]

handler500 = "innovguide.errors.server_error"
