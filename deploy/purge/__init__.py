"""Removing erased content from the files of PostgreSQL, too."""
