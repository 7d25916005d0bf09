from django.urls import path

from workflow.administration import (
    views,
    views_absence,
    views_classes,
    views_days,
    views_office,
    views_reminders,
    views_tables,
    views_transfer,
)

urlpatterns = [
    path("administration/", views.administration, name="administration"),
    path("administration/people/new/", views.new_person, name="new_person"),
    path("administration/people/<int:user_id>/", views.person, name="person"),
    path("administration/people/<int:user_id>/suspend/", views.suspend, name="suspend_user"),
    path("administration/people/<int:user_id>/restore/", views.restore, name="restore_user"),
    path(
        "administration/people/<int:user_id>/password/",
        views.reset_password,
        name="reset_password",
    ),
    path("administration/people/<int:user_id>/email/", views.email, name="person_email"),
    path(
        "administration/appointments/<int:appointment_id>/end/",
        views.end,
        name="end_appointment",
    ),
    path("administration/offices/", views_office.offices, name="offices"),
    path(
        "administration/departments/<int:department_id>/",
        views_office.department,
        name="department",
    ),
    path("administration/sections/<int:section_id>/", views_office.section, name="section"),
    path(
        "administration/sections/<int:section_id>/extension/",
        views_office.extension,
        name="section_extension",
    ),
    path(
        "administration/sections/<int:section_id>/standing/",
        views_office.section_standing,
        name="section_standing",
    ),
    path("administration/classes/", views_classes.section_classes, name="section_classes"),
    path(
        "administration/classes/<int:member_id>/end/",
        views_classes.end_class_member,
        name="end_class_member",
    ),
    path("administration/bodies/<int:body_id>/", views_office.body, name="body"),
    path("administration/gazette/", views_office.gazette, name="gazette"),
    path("administration/closed-days/", views_days.closed_days, name="closed_days"),
    path("administration/closed-days/add/", views_days.add_closed_days, name="add_closed_days"),
    path(
        "administration/closed-days/<int:day_id>/remove/",
        views_days.remove_closed_day,
        name="remove_closed_day",
    ),
    path("administration/reminders/", views_reminders.reminders, name="reminders"),
    path("administration/reminders/rule/", views_reminders.reminder_rule, name="reminder_rule"),
    path(
        "administration/reminders/hours/<int:hours_id>/remove/",
        views_reminders.remove_hours,
        name="remove_hours",
    ),
    path("administration/decision-tables/", views_tables.decision_tables, name="decision_tables"),
    path(
        "administration/decision-tables/<int:table_id>/",
        views_tables.decision_table_kept,
        name="decision_table_kept",
    ),
    path(
        "administration/decision-tables/<int:table_id>/withdraw/",
        views_tables.withdraw_decision_table,
        name="withdraw_decision_table",
    ),
    path("absences/", views_absence.absences, name="absences"),
    path(
        "absences/<int:absence_id>/withdraw/",
        views_absence.withdraw_absence,
        name="withdraw_absence",
    ),
    path("deputies/new/", views_absence.new_deputy, name="new_deputy"),
    path("deputies/<int:deputy_id>/end/", views_absence.end_deputy, name="end_deputy"),
    path("transfers/", views_transfer.transfer_list, name="transfers"),
    path("transfers/<int:transfer_id>/", views_transfer.transfer, name="transfer"),
    path(
        "transfers/<int:transfer_id>/revise/",
        views_transfer.revise_transfer,
        name="revise_transfer",
    ),
    path("transfers/<int:transfer_id>/add/", views_transfer.add_line, name="add_line"),
    path("transfers/<int:transfer_id>/paste/", views_transfer.paste_lines, name="paste_lines"),
    path(
        "transfers/<int:transfer_id>/schedule/",
        views_transfer.schedule_transfer,
        name="schedule_transfer",
    ),
    path(
        "transfers/<int:transfer_id>/reopen/",
        views_transfer.reopen_transfer,
        name="reopen_transfer",
    ),
    path(
        "transfers/<int:transfer_id>/apply/",
        views_transfer.apply_transfer,
        name="apply_transfer",
    ),
    path(
        "transfers/<int:transfer_id>/cancel/",
        views_transfer.cancel_transfer,
        name="cancel_transfer",
    ),
    path("transfer-lines/<int:line_id>/remove/", views_transfer.remove_line, name="remove_line"),
]
