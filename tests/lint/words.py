"""Words given up (docs/architecture.md, Words): one word, one meaning, in the names of code and files."""

import re
import sys

import source_tree

# A part of a name, between underscores, and what to say instead.
PARTS = {
    "desk": "dispatcher, client or verifier",
    "desks": "dispatchers",
    "floor": "contact center, deployment, operations or baseline",
    "floors": "deployments",
    "shelf": "cache",
    "supervision": "access",
    "company": "participants",
}
# Means something else where it stands alone: a customer's employer, a field of the profile.
ALONE = {"company"}
# Whole names.
NAMES = {
    "a_claim": "an_entry",
    "account_book": "account_index",
    "agent_player": "simulated_agent",
    "alert_board": "alert_list",
    "archive_actor": "history_actor",
    "archive_actor_test": "history_actor_test",
    "archive_body": "history_body",
    "archive_services": "history_services",
    "archive_services_": "history_services_",
    "archive_thread": "history_thread",
    "attachment_keeper": "attachment_service",
    "catalog_board": "catalog_snapshot",
    "claim_back": "return_to_queue",
    "claim_of": "entry_of",
    "connection_book": "connection_index",
    "customer_player": "simulated_customer",
    "customer_work": "customer_jobs",
    "customer_work_services": "customer_jobs_services",
    "delivery_book": "delivery_checker",
    "fit_table": "eligibility_matrix",
    "front_door": "gateway",
    "front_door_reading": "gateway_reading",
    "front_door_services": "gateway_services",
    "group_account": "group_explanation",
    "head_claim": "queue_head",
    "leader_player": "simulated_leader",
    "make_claim": "make_entry",
    "make_join_claim": "make_join_entry",
    "name_board": "name_index",
    "on_claim_back": "on_return_to_queue",
    "on_wake": "on_timer",
    "password_claim": "password_question",
    "player_book": "people_record",
    "queue_board": "queue_snapshot",
    "session_account": "session_explanation",
    "spawn_archive": "spawn_history",
    "start_customer_work": "start_customer_jobs",
    "take_claim": "take_head",
}
# Names of libraries.
LET_BE = re.compile(r"std::(chrono::)?floor\b|\bfloor<")
# What code does not name: comments and text.
SILENT = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
NAME = re.compile(r"[A-Za-z_]\w*")


def instead_of(name):
    if name in NAMES:
        return NAMES[name]
    parts = name.split("_")
    for part in parts:
        if part in PARTS and (len(parts) > 1 or part not in ALONE):
            return PARTS[part]
    return None


def blank(found):
    return "\n" * found[0].count("\n")


def check(root):
    troubles = []
    for path in source_tree.files(root):
        for name in [p.split(".")[0] for p in path.split("/")]:
            if instead_of(name):
                troubles.append(f"{path}: the name {name} is given up: {instead_of(name)}")
        text = LET_BE.sub("", SILENT.sub(blank, "\n".join(source_tree.lines(root, path))))
        for number, line in enumerate(text.split("\n"), 1):
            for name in NAME.findall(line):
                if instead_of(name):
                    troubles.append(f"{path}:{number}: {name} is given up: {instead_of(name)}")
    return troubles


if __name__ == "__main__":
    sys.exit(source_tree.report(check(sys.argv[1])))
