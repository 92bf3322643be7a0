#pragma once

#include "actors/access/rights.hpp"

/// Ties to the people at work, beside those to one session (rights.hpp): to oneself, to a group, to
/// who works in it.
namespace switchboard::tie {

constexpr ties self = 256;         // the call is about the caller
constexpr ties group = 512;        // is in a group where it waits, or that it was left with
constexpr ties team_group = 1024;  // leads somebody who is in such a group

}  // namespace switchboard::tie
