#include "runtime/store/sealed_tables.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/store/damage.hpp"
#include "runtime/store/page_check.hpp"
#include "runtime/store/value_check.hpp"

namespace switchboard::store {
namespace {

/// Changed in one transaction: far below what LMDB 0.9.24 may spill.
constexpr std::size_t values_a_step = 20'000;
/// Table of how far the sealing is: "values" -> `all_sealed`, or a table's number in a byte and the
/// last key of it that is done. Bare, for it says what the others are.
constexpr std::string_view about = "_sealing", mark = "values", all_sealed = "crc32c";

class sealing {
 public:
  sealing(lmdb_env& env, lmdb_table about, const std::vector<lmdb_table>& bare)
      : env_(env), about_(about), bare_(bare) {}

  result<bool> done() const {
    auto txn = env_.begin_read();
    if (!txn) return tl::unexpected(txn.error());
    return txn->get(about_, mark) == all_sealed;
  }

  /// Answers whether there is more to do.
  result<bool> step() {
    auto txn = env_.begin_write();
    if (!txn) return tl::unexpected(txn.error());
    std::string at(txn->get(about_, mark).value_or(std::string_view("\0", 1)));
    if (at == all_sealed) return false;
    auto next = seal_from(*txn, static_cast<std::size_t>(at.front()), at.substr(1));
    if (!next) return tl::unexpected(next.error());
    auto ok = txn->put(about_, mark, *next);
    if (ok) ok = txn->commit();
    if (!ok) return tl::unexpected(ok.error());
    return *next != all_sealed;
  }

 private:
  result<std::string> seal_from(lmdb_write& txn, std::size_t number, const std::string& after) {
    if (number >= bare_.size()) return std::string(all_sealed);
    std::vector<std::pair<std::string, std::string>> some;
    txn.scan(bare_[number], after, [&](std::string_view key, std::string_view value) {
      if (key != after) some.emplace_back(key, value);
      return some.size() < values_a_step;
    });
    for (auto& [key, value] : some) {
      auto put = txn.put(bare_[number], key, value, checksum_of(key, value).view());
      if (!put) return tl::unexpected(put.error());
    }
    if (some.empty()) return std::string(1, static_cast<char>(number + 1));
    return static_cast<char>(number) + some.back().first;
  }

  lmdb_env& env_;
  const lmdb_table about_;
  const std::vector<lmdb_table>& bare_;
};

/// As it is where it can be read, else in hexadecimal.
std::string shown_key(std::string_view key) {
  const bool readable =
      std::ranges::all_of(key, [](unsigned char c) { return c > ' ' && c < 127; });
  if (readable) return std::string(key);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned char c : key.substr(0, 64)) {
    hex += digits[c >> 4];
    hex += digits[c & 15];
  }
  return hex;
}

result<void> verify_tables(const lmdb_env& env) {
  auto txn = env.begin_read();
  if (!txn) return tl::unexpected(txn.error());
  auto tables = env.tables(*txn);
  if (!tables) return tl::unexpected(tables.error());
  auto told = std::ranges::find(*tables, about, &named_table::name);
  if (told == tables->end() || txn->get(told->table, mark) != all_sealed) return {};
  std::string all;
  for (auto& t : *tables) {
    if (t.name == about) continue;
    std::uint64_t damaged = 0;
    std::string first;
    txn->scan(t.table, {}, [&](std::string_view key, std::string_view value) {
      if (!checked_value(key, value) && damaged++ == 0) first = shown_key(key);
      return true;
    });
    if (damaged == 0) continue;
    all += (all.empty() ? "" : "; ") + std::to_string(damaged) + " in table " + t.name +
           ", the first under " + first;
  }
  if (all.empty()) return {};
  return fail(errc::internal, env.dir() + ": values are damaged: " + all);
}

}  // namespace

result<std::vector<lmdb_table>> open_sealed(lmdb_env& env, const std::vector<std::string>& names,
                                            const char* owner) {
  std::vector<lmdb_table> tables;
  for (auto& name : names) {
    auto table = env.table(name);
    if (!table) return tl::unexpected(table.error());
    tables.push_back(*table);
  }
  auto told = env.table(std::string(about));
  if (!told) return tl::unexpected(told.error());
  sealing all(env, *told, tables);
  auto done = all.done();
  if (!done) return tl::unexpected(done.error());
  for (bool more = !*done; more;) {
    auto step = all.step();
    if (!step) return tl::unexpected(step.error());
    more = *step;
  }
  for (auto& t : tables) t.sealed = owner;
  return tables;
}

result<void> verify_sealed(const std::string& dir) {
  if (auto pages = check_pages(dir + "/data.mdb", all_pages); !pages)
    return tl::unexpected(pages.error());
  lmdb_options o;
  o.dir = dir;
  o.read_only = true;
  auto env = lmdb_env::open(o);
  if (!env) return tl::unexpected(env.error());
  try {
    return verify_tables(**env);
  } catch (const damaged_data& e) {
    return fail(errc::internal, dir + " is damaged: " + e.what());
  }
}

}  // namespace switchboard::store
