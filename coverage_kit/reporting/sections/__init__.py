"""The sections of the weekly pages: each turns the frames of a subject into one ``Section``."""
