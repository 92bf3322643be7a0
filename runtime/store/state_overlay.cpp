#include "runtime/store/state_overlay.hpp"

namespace switchboard::store {

void state_overlay::put(std::string_view name, std::string_view key,
                        std::optional<std::string> value) {
  auto at = tables_.find(name);
  if (at == tables_.end()) {
    at = tables_.emplace(std::string(name), std::make_shared<table>()).first;
  } else if (at->second.use_count() > 1) {
    at->second = std::make_shared<table>(*at->second);
  }
  auto& t = *at->second;
  auto entry = t.lower_bound(key);
  if (entry == t.end() || entry->first != key) {
    entry = t.emplace_hint(entry, std::string(key), std::nullopt);
    bytes_ += key.size();
  } else if (entry->second) {
    bytes_ -= entry->second->size();
  }
  if (value) bytes_ += value->size();
  entry->second = std::move(value);
}

const state_overlay::table* state_overlay::find(std::string_view name) const {
  auto at = tables_.find(name);
  return at == tables_.end() ? nullptr : at->second.get();
}

std::optional<std::string> find_through(const state_overlay& over, const state_view& base,
                                        std::string_view table, std::string_view key) {
  if (auto* t = over.find(table)) {
    if (auto at = t->find(key); at != t->end()) return at->second;
  }
  return base.find(table, key);
}

void scan_through(const state_overlay& over, const state_view& base, std::string_view table,
                  std::string_view from,
                  const std::function<bool(std::string_view, std::string_view)>& visit) {
  auto* t = over.find(table);
  if (!t) return base.scan(table, from, visit);
  auto at = t->lower_bound(from);
  bool more = true;
  auto give = [&] {
    if (at->second) more = visit(at->first, *at->second);
    ++at;
  };
  base.scan(table, from, [&](std::string_view key, std::string_view value) {
    while (more && at != t->end() && at->first < key) give();
    if (!more) return false;
    if (at != t->end() && at->first == key)
      give();
    else
      more = visit(key, value);
    return more;
  });
  while (more && at != t->end()) give();
}

}  // namespace switchboard::store
