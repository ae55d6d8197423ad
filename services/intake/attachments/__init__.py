"""Files that come with messages: uploaded first, claimed by a message, served to whoever may read it, removed for good."""
