"""Links between the documents: the file is there, and so is the heading."""

import os
import re
import sys

import source_tree

FENCED = re.compile(r"^( *)```.*?^\1```$", re.S | re.M)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.M)


def text_of(path):
    with open(path, encoding="utf-8") as text:
        return FENCED.sub("", text.read())


def anchor_of(heading):
    """As it is on the pages where the project is read."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def check(root):
    documents = [n for n in sorted(os.listdir(root)) if n.endswith(".md")] + list(source_tree.files(root, (".md",)))
    troubles = []
    for path in documents:
        for link in LINK.findall(text_of(os.path.join(root, path))):
            if re.match(r"[a-z]+:", link):
                continue
            file, _, anchor = link.partition("#")
            to = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
            if not os.path.exists(os.path.join(root, to)):
                troubles.append(f"{path}: links to {link}, which is not there")
            elif anchor and to.endswith(".md") and anchor not in map(anchor_of, HEADING.findall(text_of(os.path.join(root, to)))):
                troubles.append(f"{path}: links to {link}, a heading that is not there")
    return troubles


if __name__ == "__main__":
    sys.exit(source_tree.report(check(sys.argv[1])))
