#include "runtime/store/store_verify.hpp"

#include <algorithm>

#include "runtime/store/damage.hpp"
#include "runtime/store/page_check.hpp"
#include "runtime/store/record_format.hpp"
#include "runtime/store/state_lmdb.hpp"
#include "runtime/store/value_check.hpp"

namespace switchboard::store {
namespace {

/// One environment, read and not changed.
class environment_reader {
 public:
  static result<environment_reader> open(const std::string& dir) {
    if (auto pages = check_pages(dir + "/data.mdb", all_pages); !pages) {
      return tl::unexpected(pages.error());
    }
    lmdb_options o;
    o.dir = dir;
    o.max_tables = 128;
    o.read_only = true;
    auto env = lmdb_env::open(o);
    if (!env) return tl::unexpected(env.error());
    auto txn = (*env)->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    auto tables = (*env)->tables(*txn);
    if (!tables) return tl::unexpected(tables.error());
    return environment_reader(std::move(*env), std::move(*txn), std::move(*tables));
  }

  const named_table* find(std::string_view name) const {
    auto at = std::ranges::find(tables_, name, &named_table::name);
    return at == tables_.end() ? nullptr : &*at;
  }
  std::string get(std::string_view table, std::string_view key) const {
    auto* t = find(table);
    return t ? std::string(txn_.get(t->table, key).value_or("")) : std::string();
  }
  const lmdb_read& txn() const { return txn_; }
  const std::vector<named_table>& tables() const { return tables_; }

 private:
  environment_reader(std::unique_ptr<lmdb_env> env, lmdb_read txn, std::vector<named_table> tables)
      : env_(std::move(env)), txn_(std::move(txn)), tables_(std::move(tables)) {}
  std::unique_ptr<lmdb_env> env_;
  lmdb_read txn_;
  std::vector<named_table> tables_;
};

result<void> verify_records(const environment_reader& journal, store_content& found) {
  auto* records = journal.find("records");
  if (!records) return fail(errc::failed_precondition, "the journal has no table of records");
  result<void> outcome;
  placed_record into;
  journal.txn().scan(records->table, {}, [&](std::string_view key, std::string_view value) {
    const position at = integer_of(key);
    if (found.records == 0) {
      found.first = at;
    } else if (at != found.last + 1) {
      outcome =
          fail(errc::internal, "journal record " + std::to_string(found.last + 1) + " is missing");
      return false;
    }
    found.last = at;
    ++found.records;
    if (auto decoded = decode_record(value, at, into); !decoded) {
      outcome = tl::unexpected(decoded.error());
      return false;
    }
    return true;
  });
  return outcome;
}

result<void> verify_values(const environment_reader& state, store_content& found) {
  const bool checked = state.get(about_state::table, about_state::values) == about_state::checked;
  std::uint64_t damaged = 0;
  std::string first;
  for (auto& t : state.tables()) {
    if (t.name == about_state::table) continue;
    state.txn().scan(t.table, {}, [&](std::string_view key, std::string_view value) {
      ++found.values;
      if (!checked || checked_value(key, value)) return true;
      if (damaged++ == 0) first = t.name;
      return true;
    });
  }
  if (damaged == 0) return {};
  return fail(errc::internal, "the state has " + std::to_string(damaged) +
                                  " damaged values, the first in table " + first);
}

result<void> verify_tie(const environment_reader& journal, const environment_reader& state,
                        store_content& found) {
  found.id = journal.get("about", about_state::store_id);
  if (state.get(about_state::table, about_state::store_id) != found.id) {
    return fail(errc::failed_precondition, "state and journal are not of one store");
  }
  const auto stored = state.get(about_state::table, about_state::position);
  const bool checked = state.get(about_state::table, about_state::values) == about_state::checked;
  if (!stored.empty()) {
    auto number = checked ? checked_value(about_state::position, stored) : stored;
    if (!number || number->size() != sizeof(position)) {
      return fail(errc::internal, "the state's position is damaged");
    }
    found.projected = integer_of(*number);
  }
  if (found.projected > found.last) {
    return fail(errc::failed_precondition,
                "the state is at record " + std::to_string(found.projected) +
                    ", but its journal ends at " + std::to_string(found.last));
  }
  if (found.records > 0 && found.projected + 1 < found.first) {
    return fail(errc::failed_precondition,
                "the state is at record " + std::to_string(found.projected) +
                    ", but its journal begins at " + std::to_string(found.first));
  }
  return {};
}

}  // namespace

result<store_content> verify_store(const std::string& dir) {
  store_content found;
  try {
    auto journal = environment_reader::open(dir + "/journal");
    if (!journal) return tl::unexpected(journal.error());
    auto state = environment_reader::open(dir + "/state");
    if (!state) return tl::unexpected(state.error());
    if (auto ok = verify_records(*journal, found); !ok) return tl::unexpected(ok.error());
    if (auto ok = verify_values(*state, found); !ok) return tl::unexpected(ok.error());
    if (auto ok = verify_tie(*journal, *state, found); !ok) return tl::unexpected(ok.error());
  } catch (const damaged_data& e) {
    return fail(errc::internal, dir + " is damaged: " + e.what());
  }
  return found;
}

}  // namespace switchboard::store
