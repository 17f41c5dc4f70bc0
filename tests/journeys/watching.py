"""What a browser complains of while somebody walks: scripts, styles and addresses that did not work."""


def watched(page, complaints):
    """Return the page, from now on heard."""
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page
