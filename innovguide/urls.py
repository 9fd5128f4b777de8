from django.urls import include, path

from initiatives.admin.site import site

urlpatterns = [
    path("admin/", site.urls),
    path("", include("initiatives.urls")),
]

handler500 = "innovguide.errors.server_error"
