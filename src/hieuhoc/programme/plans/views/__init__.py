"""Pages: a request becomes a call of a selector or a service, and its result a page. No decisions here."""
