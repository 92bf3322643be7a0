#pragma once

#include "tools/simulation/journal_checker.hpp"

namespace switchboard::simulation {

/// Whatever a request shows belongs to one person (P): all sessions that showed one telephone, mail
/// address or union id are filed under one. Left out is who was told of a conflict, who was not
/// identified at all, and who was identified without its person's word shortly before a crash,
/// which may have lost that word.
void compare_persons(const journal_checker& truth, verdict& found);

}  // namespace switchboard::simulation
