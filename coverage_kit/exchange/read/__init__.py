"""Read files of any format into rows of text."""
