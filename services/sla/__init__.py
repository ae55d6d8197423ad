"""Working hours and response targets, and what time makes of waiting tickets: deadlines, warnings, breaches."""
