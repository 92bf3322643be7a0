#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/store/lmdb_txn.hpp"

struct MDB_env;

namespace switchboard::store {

/// How an environment is opened. The map size is a hard cap on its data, and costs address space
/// only.
struct lmdb_options {
  /// The environment's own directory, on a local file system; made when it is not there.
  std::string dir;
  std::size_t map_size = std::size_t{64} << 30;
  /// What is mapped beyond a file that is as large as the map already, or nearly: what is not asked
  /// for must find room, or a start over a full map could do nothing but wait.
  std::size_t headroom = 0;
  unsigned max_tables = 32;
  /// Read transactions alive at one time.
  unsigned max_readers = 512;
  bool read_only = false;
  /// Nothing is synced until `sync`: for a file that counts only when it is whole.
  bool unsynced = false;
};

/// A table as the file has it.
struct named_table {
  std::string name;
  lmdb_table table;
  key_order order = key_order::bytes;
};

/// How much of the map is taken, in bytes.
struct lmdb_usage {
  /// As it is configured; more may be in use, where it was made smaller.
  std::uint64_t map_size = 0;
  /// What LMDB has to itself.
  std::uint64_t mapped = 0;
  /// The part of the file that was ever written; it never shrinks.
  std::uint64_t high_water = 0;
  /// Within high_water: pages given back, that later transactions use again.
  std::uint64_t free = 0;
  std::uint64_t in_use() const { return high_water - free; }
};

/// One LMDB environment with named tables, default (full) sync. Thread-safe; transactions are not,
/// but may move between threads (MDB_NOTLS) when they only read. At most one object per directory
/// in a process (checked), and none is carried through a fork. All its transactions end before it
/// does.
///
/// The file's pages are looked at before it is mapped (page_check.hpp): one that is cut short or
/// damaged is refused in words. Directory and files are the account's own (private_files.hpp). A
/// read that meets a damaged page later ends the process: nothing it could answer would be true.
class lmdb_env {
 public:
  static result<std::unique_ptr<lmdb_env>> open(const lmdb_options& options);
  ~lmdb_env();
  lmdb_env(const lmdb_env&) = delete;
  lmdb_env& operator=(const lmdb_env&) = delete;

  /// Opens a table, making it if it is not there (`not_found` in a read-only environment). Call it
  /// at start, from one thread, before other threads use the environment, with no transaction
  /// alive.
  result<lmdb_table> table(const std::string& name, key_order order = key_order::bytes);

  /// Every table of the file as `in` sees it. The handle of one that was never opened with `table`
  /// is good as long as `in`. Not beside `table`, nor on two threads at once.
  result<std::vector<named_table>> tables(const lmdb_read& in) const;

  /// A consistent view of now; keep it short, for it pins the pages it sees. `resource_exhausted`
  /// past max_readers.
  result<lmdb_read> begin_read() const;
  /// There is one writer at a time: waits for the one before. Ends on the thread that began it.
  result<lmdb_write> begin_write();

  /// A view like the one before, after a look at all its pages: what is copied of it cannot end the
  /// process. `internal` naming file and page where one is damaged. Other threads may write.
  result<lmdb_read> begin_checked_read() const;
  /// `free` takes a walk over the free list, and stays 0 unless asked for.
  lmdb_usage usage(bool count_free = false) const;
  /// Everything committed is on disk when it answers well; needed where nothing is synced by
  /// itself.
  result<void> sync();
  const std::string& dir() const { return dir_; }
  /// What is mapped: all that the file holds fits in it.
  std::size_t mapped() const { return usage().mapped; }

 private:
  lmdb_env(std::string dir, bool read_only);
  result<void> start(const lmdb_options& options);

  MDB_env* env_ = nullptr;
  std::string dir_;
  bool read_only_;
  std::size_t configured_ = 0;
  /// What the directory is registered under while it is open; empty when it is not.
  std::string registered_;
};

/// Flushes a directory's entries to disk: a file just made or renamed is not safe before that.
result<void> sync_directory(const std::string& dir);

}  // namespace switchboard::store
