"""Base page, components, form widgets, errors as pages."""
