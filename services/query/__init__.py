"""The active-ticket read model: lists, details, history and live updates. It writes no facts."""
