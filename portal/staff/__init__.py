"""Who sells and who runs the programme: staff, PINs, tills' devices, API keys, and the audit of what they did."""
