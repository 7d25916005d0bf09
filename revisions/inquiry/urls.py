"""The addresses of an inquiry 照会 and of its answers."""

from django.urls import path

from revisions.inquiry import (
    views,
    views_accept,
    views_answer,
    views_between,
    views_board,
    views_bulk,
    views_conflict,
    views_drafts,
    views_mend,
    views_questions,
    views_sheet,
    views_target,
    views_tiers,
)
from revisions.inquiry.workbook import views as views_workbook
from revisions.inquiry.workbook import views_all

urlpatterns = [
    path("stages/<int:stage_id>/inquiry/", views.prepare_inquiry, name="prepare_inquiry"),
    path("inquiries/<int:inquiry_id>/", views.inquiry, name="inquiry"),
    path("inquiries/<int:inquiry_id>/issue/", views.issue_inquiry, name="issue_inquiry"),
    path(
        "inquiries/<int:inquiry_id>/bulk/",
        views_bulk.act_on,
        {"page": "inquiry"},
        name="bulk_inquiry",
    ),
    path("inquiries/<int:inquiry_id>/answers.xlsx", views_all.as_workbook, name="answers_xlsx"),
    path("inquiries/<int:inquiry_id>/answers.csv", views_all.as_csv, name="answers_csv"),
    path("inquiries/<int:inquiry_id>/workbooks.zip", views_all.as_zip, name="workbooks_zip"),
    path("inquiries/days/", views_tiers.tier_hint, name="tier_hint"),
    path("inquiries/<int:inquiry_id>/compile/", views_tiers.compiling, name="compiling"),
    path(
        "inquiries/<int:inquiry_id>/compile/ready/",
        views_tiers.compile_ready,
        name="compile_ready",
    ),
    path("answers/<int:target_id>/compile/", views_tiers.compile_answer, name="compile_answer"),
    path("answers/<int:target_id>/hand-back/", views_tiers.hand_back, name="hand_back"),
    path("answers/<int:target_id>/more-time/", views_tiers.ask_extension, name="ask_extension"),
    path(
        "answers/<int:target_id>/no-more-time/",
        views_tiers.decline_extension,
        name="decline_extension",
    ),
    path("answers/<int:target_id>/reopen/", views_tiers.reopen, name="reopen_answer"),
    path("answers/<int:target_id>/sheets/<slug:uid>/mend/", views_mend.mend, name="mend_answer"),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/forward/",
        views_between.forward_sheet,
        name="forward_sheet",
    ),
    path("forwards/<int:forward_id>/", views_between.forward, name="forward"),
    path("forwards/<int:forward_id>/take/", views_between.take_over, name="take_over"),
    path("forwards/<int:forward_id>/decline/", views_between.decline, name="decline_forward"),
    path("forwards/<int:forward_id>/withdraw/", views_between.withdraw, name="withdraw_forward"),
    path(
        "answers/<int:target_id>/joint/<int:consent_id>/agree/", views_between.agree, name="agree"
    ),
    path(
        "answers/<int:target_id>/joint/<int:consent_id>/object/",
        views_between.object_to,
        name="object_to",
    ),
    path(
        "answers/<int:target_id>/joint/<int:consent_id>/instead/",
        views_between.agree_instead,
        name="agree_instead",
    ),
    path("inquiries/<int:inquiry_id>/questions/", views_questions.questions, name="questions"),
    path(
        "inquiries/<int:inquiry_id>/questions/preview/",
        views_questions.preview_questions,
        name="preview_questions",
    ),
    path("questions/<int:question_id>/", views_questions.question, name="question"),
    path("questions/<int:question_id>/move/", views_questions.move_question, name="move_question"),
    path(
        "questions/<int:question_id>/remove/",
        views_questions.remove_question,
        name="remove_question",
    ),
    path("inquiries/", views_board.boards, name="boards"),
    path("inquiries/<int:inquiry_id>/board/", views_board.board, name="board"),
    path("inquiries/<int:inquiry_id>/board/sheets/", views_board.board_sheets, name="board_sheets"),
    path("inquiries/<int:inquiry_id>/board/seen/", views_board.see_board, name="see_board"),
    path(
        "inquiries/<int:inquiry_id>/board/acts/",
        views_bulk.act_on,
        {"page": "board"},
        name="board_acts",
    ),
    path("answers/<int:target_id>/", views_target.target, name="target"),
    path(
        "answers/<int:target_id>/questions/",
        views_questions.answer_questions,
        name="answer_questions",
    ),
    path(
        "answers/<int:target_id>/files/<slug:sha256>/",
        views_questions.answer_file,
        name="answer_file",
    ),
    path("answers/<int:target_id>/receive/", views_answer.receive, name="receive_inquiry"),
    path("answers/<int:target_id>/rest/", views_answer.rest_unchanged, name="rest_unchanged"),
    path("answers/<int:target_id>/submit/", views_answer.submit, name="submit_answer"),
    path("answers/<int:target_id>/remarks/", views_answer.add_remark, name="add_remark"),
    path(
        "answers/<int:target_id>/remarks/<int:remark_id>/remove/",
        views_answer.remove_remark,
        name="remove_remark",
    ),
    path("answers/<int:target_id>/accept/", views_accept.accept, name="accept_answer"),
    path("answers/<int:target_id>/conflicts/", views_conflict.conflicts, name="conflicts"),
    path("answers/<int:target_id>/return/", views_accept.return_answer, name="return_answer"),
    path("answers/<int:target_id>/waive/", views_accept.waive, name="waive_answer"),
    path("answers/<int:target_id>/extend/", views_accept.extend, name="extend_answer"),
    path("answers/<int:target_id>/sheets/<slug:uid>/", views_sheet.sheet, name="sheet_answer"),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/drafts/", views_drafts.keep, name="keep_drafts"
    ),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/discard/",
        views_drafts.discard,
        name="discard_drafts",
    ),
    path("answers/<int:target_id>/sheets/<slug:uid>/here/", views_drafts.come, name="sheet_here"),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/unchanged/",
        views_answer.unchanged,
        name="answer_unchanged",
    ),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/discontinue/",
        views_answer.discontinue,
        name="answer_discontinue",
    ),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/remove/",
        views_answer.remove_answer,
        name="remove_answer",
    ),
    path("answers/<int:target_id>/workbook/", views_workbook.workbook, name="workbook"),
    path(
        "answers/<int:target_id>/workbook/file/",
        views_workbook.download,
        name="download_workbook",
    ),
    path("answers/<int:target_id>/workbook/save/", views_workbook.save, name="save_workbook"),
    path("answers/<int:target_id>/workbook/drop/", views_workbook.drop, name="drop_workbook"),
    path("answers/<int:target_id>/workbook/marks/", views_workbook.marks, name="marked_workbook"),
]
