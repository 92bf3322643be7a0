#pragma once

#include <span>

#include "tools/switchboardctl/language.hpp"

/// The parts of the catalogue that language.hpp gives as one.
namespace switchboard::ctl {

std::span<const phrase> phrases_of_answers();
std::span<const phrase> phrases_of_help();
/// What the daemon says of its decisions and of what it refuses.
std::span<const phrase> phrases_of_daemon();

}  // namespace switchboard::ctl
