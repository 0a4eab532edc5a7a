"""Online: the same typologies, event by event, with state that the windows bound."""
