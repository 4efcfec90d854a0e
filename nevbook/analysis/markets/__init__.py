"""What a market asks of a vehicle on a date: facts, duties, fit, alerts."""
