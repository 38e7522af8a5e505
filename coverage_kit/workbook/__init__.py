"""The workbook: what a coach and a rep see and fill in; models that know no widget, and views."""
