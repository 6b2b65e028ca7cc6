"""Addresses of documents, under /pieces/."""

from django.urls import path

from commerce.views import document_lines as lines
from commerce.views import document_steps as steps
from commerce.views import documents, issuing, payments, printing

app_name = "documents"
urlpatterns = [
    path("", documents.list_, name="list"),
    path("colonnes/", documents.columns, name="columns"),
    path("nombre/", documents.count, name="count"),
    path("export/", documents.export, name="export"),
    path("nouvelle/", documents.create, name="create"),
    path("imprimer/", printing.chosen, name="print_chosen"),
    path("impressions/", printing.jobs, name="prints"),
    path("impressions/<int:job>/", printing.job, name="print"),
    path("impressions/<int:job>/fichier/", printing.download, name="print_file"),
    path("clients/<int:pk>/", documents.client_tab, name="client"),
    path("<int:document>/", documents.sheet, name="sheet"),
    path("<int:document>/pdf/", printing.pdf, name="pdf"),
    path("<int:document>/entete/", steps.header, name="header"),
    path("<int:document>/etat/", steps.state, name="state"),
    path("<int:document>/valider/", issuing.issue_document, name="issue"),
    path("<int:document>/reglements/", payments.invoice_payment, name="payments"),
    path("<int:document>/acompte/", issuing.deposit, name="deposit"),
    path("<int:document>/acomptes/<int:deposit>/", issuing.deduction, name="deduction"),
    path("<int:document>/transformer/<str:kind>/", steps.convert, name="convert"),
    path("<int:document>/dupliquer/", steps.duplicate, name="duplicate"),
    path("<int:document>/supprimer/", steps.delete, name="delete"),
    path("<int:document>/totaux/", lines.totals, name="totals"),
    path("<int:document>/coller/", lines.paste, name="paste"),
    path("<int:document>/lignes/", lines.add, name="line_add"),
    path("<int:document>/lignes/ordre/", lines.order, name="line_order"),
    path("<int:document>/lignes/retablir/", lines.restore, name="line_restore"),
    path("<int:document>/lignes/<int:line>/", lines.change, name="line"),
    path("<int:document>/lignes/<int:line>/retirer/", lines.remove, name="line_remove"),
]
