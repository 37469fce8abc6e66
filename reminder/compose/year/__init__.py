"""The year to look at: one view, shown as a page, a picture, a calendar file or a document."""
