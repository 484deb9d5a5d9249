"""Asking services over HTTP for the files that a source declares."""
