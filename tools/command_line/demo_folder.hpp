#pragma once

#include <string>

namespace switchboard {

/// The folder of the demo's configuration and data: beside the programs where they are installed
/// (../share/switchboard/demo), else the source tree's, of programs built there. Empty where
/// neither is there.
std::string demo_folder();

}  // namespace switchboard
