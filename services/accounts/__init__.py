"""Who there is: accounts, their users, administrators, groups, projects; and how they show who they are."""
