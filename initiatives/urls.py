"""Public addresses. They are a contract: they grow, they do not change."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from initiatives.directory.sitemaps import SITEMAPS
from initiatives.directory.views.actors import actor, actors
from initiatives.directory.views.funding import funding, funding_list
from initiatives.directory.views.health import health
from initiatives.directory.views.home import home
from initiatives.directory.views.identity import identity
from initiatives.directory.views.initiative import initiative
from initiatives.directory.views.initiatives import initiatives
from initiatives.directory.views.machines import favicon, robots, security
from initiatives.directory.views.map import map_cards, map_page
from initiatives.directory.views.news import news
from initiatives.directory.views.pages import (
    accessibility,
    charter,
    contact,
    gallery,
    legal,
    method,
    privacy,
    sitemap_page,
)
from initiatives.directory.views.photos import photo
from initiatives.directory.views.suggestions import suggested_places, suggested_structures
from initiatives.directory.views.territories import territories, territory
from initiatives.directory.views.themes import theme, themes
from initiatives.exchange.points import map_points
from initiatives.exchange.views import export_csv, export_geojson, feed
from initiatives.submission.views.claims import claim_actor, claim_funding, claim_initiative
from initiatives.submission.views.connection import connection, connection_link, connection_sent, disconnection
from initiatives.submission.views.correct import correct
from initiatives.submission.views.deposit import deposit, deposit_new
from initiatives.submission.views.deposit_preview import deposit_preview
from initiatives.submission.views.drafts import deposit_step
from initiatives.submission.views.fresh import fresh
from initiatives.submission.views.invitations import invitation
from initiatives.submission.views.my_data import erase_my_data, export_my_data
from initiatives.submission.views.opinions import opinion
from initiatives.submission.views.owners import (
    ask_to_withdraw,
    hand_over_fiche,
    leave_fiche,
    my_fiches,
    still_true,
    take_back,
    throw_draft_away,
)
from initiatives.submission.views.proposals import propose_actor, propose_funding, propose_initiative
from initiatives.submission.views.questions import question, question_send
from initiatives.submission.views.reports import report_actor, report_funding, report_initiative
from initiatives.submission.views.sent_photos import sent_photo
from initiatives.submission.views.tracking import confirm, tracking, withdraw

urlpatterns = [
    path("", home, name="home"),
    path("initiatives/", initiatives, name="initiatives"),
    path("initiatives/export.csv", export_csv, name="export_csv"),
    path("initiatives/export.geojson", export_geojson, name="export_geojson"),
    path("initiatives/flux.atom", feed, name="feed"),
    path("initiatives/<slug:slug>/", initiative, name="initiative"),
    path("initiatives/<slug:slug>/proposer-une-modification/", propose_initiative, name="propose_initiative"),
    path("initiatives/<slug:slug>/signaler/", report_initiative, name="report_initiative"),
    path("initiatives/<slug:slug>/revendiquer/", claim_initiative, name="claim_initiative"),
    path("initiatives/<slug:slug>/question/", question, name="question"),
    path("carte/", map_page, name="map"),
    path("carte/fiches/", map_cards, name="map_cards"),
    path("carte/points.json", map_points, name="map_points"),
    path("territoires/", territories, name="territories"),
    path("territoires/<slug:key>/", territory, name="territory"),
    path("themes/", themes, name="themes"),
    path("themes/<slug:slug>/", theme, name="theme"),
    path("acteurs/", actors, name="actors"),
    path("acteurs/<slug:slug>/", actor, name="actor"),
    path("acteurs/<slug:slug>/proposer-une-modification/", propose_actor, name="propose_actor"),
    path("acteurs/<slug:slug>/signaler/", report_actor, name="report_actor"),
    path("acteurs/<slug:slug>/revendiquer/", claim_actor, name="claim_actor"),
    path("financements/", funding_list, name="funding_list"),
    path("financements/<slug:slug>/", funding, name="funding"),
    path("financements/<slug:slug>/proposer-une-modification/", propose_funding, name="propose_funding"),
    path("financements/<slug:slug>/signaler/", report_funding, name="report_funding"),
    path("financements/<slug:slug>/revendiquer/", claim_funding, name="claim_funding"),
    path("id/<uuid:uuid>/", identity, name="id"),
    path("photos/<uuid:uuid>/<slug:width>.webp", photo, name="photo"),
    path("deposer/", deposit, name="deposit"),
    path("question/<str:token>/", question_send, name="question_send"),
    path("avis/<str:token>/", opinion, name="opinion"),
    path("deposer/nouvelle/", deposit_new, name="deposit_new"),
    path("deposer/brouillon/<str:token>/photos/<uuid:uuid>/<slug:width>.webp", sent_photo, name="sent_photo"),
    path("deposer/brouillon/<str:token>/apercu/", deposit_preview, name="deposit_preview"),
    path("deposer/brouillon/<str:token>/<slug:step>/", deposit_step, name="deposit_step"),
    path("deposer/confirmer/<str:token>/", confirm, name="confirm"),
    path("deposer/suivi/<str:token>/", tracking, name="tracking"),
    path("deposer/suivi/<str:token>/corriger/", correct, name="correct"),
    path("deposer/suivi/<str:token>/retirer/", withdraw, name="withdraw"),
    path("nouveautes/", news, name="news"),
    path("charte/", charter, name="charter"),
    path("methode/", method, name="method"),
    path("mentions-legales/", legal, name="legal"),
    path("donnees-personnelles/", privacy, name="privacy"),
    path("accessibilite/", accessibility, name="accessibility"),
    path("contact/", contact, name="contact"),
    path("plan-du-site/", sitemap_page, name="sitemap_page"),
    path("connexion/", connection, name="connection"),
    path("connexion/envoi/", connection_sent, name="connection_sent"),
    path("connexion/<slug:token>/", connection_link, name="connection_link"),
    path("deconnexion/", disconnection, name="disconnection"),
    path("mes-fiches/", my_fiches, name="my_fiches"),
    path("mes-fiches/donnees/emporter/", export_my_data, name="export_my_data"),
    path("mes-fiches/donnees/effacer/", erase_my_data, name="erase_my_data"),
    path("mes-fiches/envois/<uuid:uuid>/retirer/", take_back, name="take_back"),
    path("mes-fiches/brouillons/<uuid:uuid>/effacer/", throw_draft_away, name="delete_draft"),
    path("mes-fiches/<key:key>/toujours-a-jour/", still_true, name="still_true"),
    path("mes-fiches/<key:key>/passer-la-main/", hand_over_fiche, name="hand_over"),
    path("mes-fiches/<key:key>/quitter/", leave_fiche, name="leave"),
    path("mes-fiches/<key:key>/retrait/", ask_to_withdraw, name="ask_withdrawal"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("a-jour/<str:token>/", fresh, name="fresh"),
    path("suggestions/lieux/", suggested_places, name="suggested_places"),
    path("suggestions/structures/", suggested_structures, name="suggested_structures"),
    path("style/", gallery, name="gallery"),
    path("sante/", health, name="health"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", favicon, name="favicon"),
    path(".well-known/security.txt", security, name="security"),
]
