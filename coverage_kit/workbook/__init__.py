"""The workbook: what a coach and a rep see and fill in; models that know no widget, and one view."""

from importlib import import_module

from coverage_kit.workbook.model.rep import RepBook

__all__ = [
    "RepBook",
    "open_coach_session",
    "open_contact_audit",
    "open_contacts",
    "open_duplicates",
    "open_import",
    "open_my_page",
    "open_rep_workbook",
    "open_role_lists",
    "open_start",
]

_WIDGETS = {
    "open_coach_session": "coverage_kit.workbook.widget.view",
    "open_contact_audit": "coverage_kit.workbook.widget.audit_view",
    "open_contacts": "coverage_kit.workbook.widget.contacts_view",
    "open_duplicates": "coverage_kit.workbook.widget.duplicates_view",
    "open_import": "coverage_kit.workbook.widget.import_view",
    "open_my_page": "coverage_kit.workbook.widget.my_view",
    "open_rep_workbook": "coverage_kit.workbook.widget.view",
    "open_role_lists": "coverage_kit.workbook.widget.role_lists_view",
    "open_start": "coverage_kit.workbook.widget.start_view",
}


def __getattr__(name: str) -> object:
    # The models can be used without loading the widgets.
    if name in _WIDGETS:
        return getattr(import_module(_WIDGETS[name]), name)
    raise AttributeError(name)
