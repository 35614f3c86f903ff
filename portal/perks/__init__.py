"""What a member holds besides points: privileges that receipts open, and coupons."""
