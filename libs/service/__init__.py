"""What every service of the suite shares; it knows no service and no event."""
