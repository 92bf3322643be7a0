#include "runtime/store/env_copy.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "runtime/store/damage.hpp"

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;

/// One transaction takes about so much: far below the size at which LMDB spills.
constexpr std::size_t transaction_bytes = std::size_t{8} << 20;
constexpr std::uint64_t progress_every = 1 << 16;

bool comes_after(key_order order, std::string_view key, std::string_view last) {
  if (last.empty()) return true;
  return order == key_order::integer ? integer_of(key) > integer_of(last) : key > last;
}

/// Writes entries into a new environment, transaction by transaction.
class entry_writer {
 public:
  explicit entry_writer(lmdb_env& into) : into_(into) {}

  result<void> declare(const named_table& t) {
    auto opened = into_.table(t.name, t.order);
    if (!opened) return tl::unexpected(opened.error());
    tables_[t.name] = {*opened, {}};
    return {};
  }

  result<void> put(const named_table& t, std::string_view key, std::string_view value) {
    auto at = tables_.find(t.name);
    if (at == tables_.end()) {
      if (auto done = finish(); !done) return done;
      if (auto made = declare(t); !made) return made;
      at = tables_.find(t.name);
    }
    if (!txn_) {
      auto begun = into_.begin_write();
      if (!begun) return tl::unexpected(begun.error());
      txn_.emplace(std::move(*begun));
    }
    auto& [table, last] = at->second;
    const bool behind = comes_after(t.order, key, last);
    auto done = behind ? txn_->append(table, key, value) : txn_->put(table, key, value);
    if (!done) return done;
    if (behind) last = key;
    bytes_ += key.size() + value.size();
    return bytes_ < transaction_bytes ? result<void>{} : finish();
  }

  result<void> finish() {
    bytes_ = 0;
    if (!txn_) return {};
    auto done = txn_->commit();
    txn_.reset();
    return done;
  }

 private:
  struct place {
    lmdb_table table;
    std::string last;
  };
  lmdb_env& into_;
  std::map<std::string, place> tables_;
  std::optional<lmdb_write> txn_;
  std::size_t bytes_ = 0;
};

class entry_copy {
 public:
  entry_copy(const lmdb_env& from, lmdb_env& into, const copy_options& options)
      : from_(from), writer_(into), options_(options) {}

  result<void> run() {
    auto txn = from_.begin_checked_read();
    if (!txn) return tl::unexpected(txn.error());
    auto tables = from_.tables(*txn);
    if (!tables) return tl::unexpected(tables.error());
    for (auto& t : *tables) {
      all_ += txn->count(t.table);
      if (auto made = writer_.declare(t); !made) return made;
    }
    for (auto& t : *tables) {
      if (auto done = copy(*txn, t); !done) return done;
    }
    return writer_.finish();
  }

 private:
  result<void> copy(const lmdb_read& txn, const named_table& t) {
    const entry_sink sink = [this](const named_table& to, std::string_view key,
                                   std::string_view value) { return writer_.put(to, key, value); };
    result<void> done;
    txn.scan(t.table, {}, [&](std::string_view key, std::string_view value) {
      done = options_.rule ? options_.rule(t, key, value, sink) : sink(t, key, value);
      if (++read_ % progress_every == 0 && options_.progress) options_.progress(read_, all_);
      return done.has_value();
    });
    return done;
  }

  const lmdb_env& from_;
  entry_writer writer_;
  const copy_options& options_;
  std::uint64_t read_ = 0, all_ = 0;
};

}  // namespace

result<void> copy_entries(const lmdb_env& from, const std::string& dir,
                          const copy_options& options) {
  lmdb_options o;
  o.dir = dir;
  o.map_size = options.map_size;
  o.max_tables = options.max_tables;
  o.unsynced = true;
  auto made = lmdb_env::open(o);
  if (!made) return tl::unexpected(made.error());
  try {
    if (auto done = entry_copy(from, **made, options).run(); !done) return done;
  } catch (const damaged_data& e) {
    return fail(errc::internal, from.dir() + " is damaged: " + e.what());
  }
  return (*made)->sync();
}

result<void> rewrite_environment(const lmdb_options& environment, const copy_options& options) {
  const std::string copy = environment.dir + ".compact";
  std::error_code ec;
  fs::remove_all(copy, ec);
  {
    auto env = lmdb_env::open(environment);
    if (!env) return tl::unexpected(env.error());
    copy_options to = options;
    to.map_size = std::max(environment.map_size, (*env)->mapped());
    to.max_tables = environment.max_tables;
    if (auto done = copy_entries(**env, copy, to); !done) {
      fs::remove_all(copy, ec);
      return done;
    }
  }
  fs::rename(copy + "/data.mdb", environment.dir + "/data.mdb", ec);
  if (ec) return fail(errc::internal, "cannot replace " + environment.dir + ": " + ec.message());
  fs::remove_all(copy, ec);
  return sync_directory(environment.dir);
}

}  // namespace switchboard::store
