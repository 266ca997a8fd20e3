"""Users, their grants, and the one question: may this user do this here?"""
