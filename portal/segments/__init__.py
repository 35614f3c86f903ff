"""Groups of members. Here: those a member was put into by hand or by a list, for a time or for so many receipts."""
