#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard::store {

/// What the recorder wrote down: one thing a process did to a data file of its store.
struct recorded {
  enum class kind : std::uint8_t {
    /// Bytes at an offset, through `synced` where the descriptor was opened with O_DSYNC.
    write = 'w',
    truncate = 't',
    /// Everything written before is on disk.
    sync = 's',
    /// The file took the place of recorded file `offset`.
    rename = 'm',
    /// The process told somebody that the journal is durable up to `offset`.
    acknowledge = 'a',
  };
  kind what = kind::write;
  std::uint8_t file = 0;
  bool synced = false;
  std::uint64_t offset = 0;
  std::string bytes;
};

/// How one of them lies in the log, its bytes behind it.
struct recorded_header {
  recorded::kind what;
  std::uint8_t file;
  std::uint8_t synced;
  std::uint64_t offset;
  std::uint64_t length;
} __attribute__((packed));

/// The files a recording is of, below the store's directory; `recorded::file` is the place in this
/// list.
const std::vector<std::string>& recorded_files();

/// In the child: from now on every write to a data file below `dir` goes to `log` as well. The
/// calls are interposed by this executable's own definitions of write, pwrite and so on, which come
/// before the C library's.
void begin_recording(const std::string& dir, const std::string& log);
void record_acknowledged(std::uint64_t position);

/// In the parent; a line cut short by the child's end is left out.
std::vector<recorded> load_recording(const std::string& log);

}  // namespace switchboard::store
