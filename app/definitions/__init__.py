"""Questionnaire, module, framework and territory files to domain objects, and back."""
