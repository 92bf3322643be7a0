#pragma once

#include "runtime/store/value_source.hpp"

namespace switchboard::projecting {

/// Which rows of the state follow from the records of one session, agent or customer alone.
store::value_source row_sources();

}  // namespace switchboard::projecting
