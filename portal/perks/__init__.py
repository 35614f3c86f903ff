"""What a member holds besides points: privileges, coupons, rewards of the shelf; and gift certificates."""
