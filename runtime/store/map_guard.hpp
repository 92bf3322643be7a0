#pragma once

namespace switchboard::store {

/// From now on a read of a mapped database that the disk does not answer (the file was cut short
/// while it was open, or a sector is gone: SIGBUS) ends the process with a word and exit code 1,
/// and not by the signal. Any other SIGBUS does what it did. Called once, in main.
void name_failed_reads();

}  // namespace switchboard::store
