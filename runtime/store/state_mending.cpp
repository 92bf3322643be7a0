#include "runtime/store/state_mending.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "runtime/store/state_overlay.hpp"

namespace switchboard::store {
namespace {

class empty_view final : public state_view {
 public:
  std::optional<std::string> find(std::string_view, std::string_view) const override {
    return std::nullopt;
  }
  void scan(std::string_view, std::string_view,
            const std::function<bool(std::string_view, std::string_view)>&) const override {}
};

using value_place = std::pair<std::string, std::string>;

/// Some entities' records, folded from the first on as if there were no others.
class refolding {
 public:
  explicit refolding(const value_source& source) : source_(source) {}

  void want(const value_source::entity& e) { wanted_.emplace(e, standing::not_seen); }
  bool has(const value_source::entity& e) const {
    auto it = wanted_.find(e);
    return it != wanted_.end() && it->second == standing::whole;
  }

  result<void> fold(const journal_lmdb& journal, position upto,
                    const std::vector<std::shared_ptr<projection>>& projections) {
    constexpr std::size_t stride = 10'000;
    const empty_view nothing;
    for (auto from = journal.first(); from <= upto;) {
      auto next = journal.read(from, std::min<position>(stride, upto - from + 1),
                               [&](const placed_record& r) {
                                 if (takes(r.body)) {
                                   for (auto& p : projections) p->fold(r, nothing);
                                 }
                                 return true;
                               });
      if (!next) return tl::unexpected(next.error());
      if (*next == from) break;
      from = *next;
    }
    overlay_batch batch(rows_, nothing);
    for (auto& p : projections) p->flush(batch);
    return {};
  }

  /// Rows whose key begins so; or that one.
  void each(
      const std::string& table, const std::string& key, bool prefix,
      const std::function<void(const std::string& key, const std::string& value)>& visit) const {
    auto* t = rows_.find(table);
    if (!t) return;
    for (auto it = t->lower_bound(key); it != t->end(); ++it) {
      if (prefix ? !it->first.starts_with(key) : it->first != key) return;
      if (it->second) visit(it->first, *it->second);
    }
  }

 private:
  enum class standing { not_seen, whole, begins_later };

  bool takes(const record& r) {
    auto it = wanted_.find({r.kind, r.key});
    if (it == wanted_.end()) return false;
    if (it->second == standing::not_seen)
      it->second = source_.begins(r) ? standing::whole : standing::begins_later;
    return it->second == standing::whole;
  }

  const value_source& source_;
  std::map<value_source::entity, standing> wanted_;
  state_overlay rows_;
};

void put_anew(state_batch& batch, const refolding& from, const value_place& at,
              const std::string& together) {
  const auto& [table, key] = at;
  // A damaged row is not there for who scans.
  batch.erase(table, key);
  if (!together.empty()) {
    std::vector<std::string> old;
    batch.scan(table, together, [&](std::string_view k, std::string_view) {
      if (k.starts_with(together)) old.emplace_back(k);
      return k.starts_with(together);
    });
    for (auto& k : old) batch.erase(table, k);
  }
  from.each(table, together.empty() ? key : together, !together.empty(),
            [&](const std::string& k, const std::string& value) { batch.put(table, k, value); });
}

}  // namespace

result<mending_outcome> mend_values(state_lmdb& state, const journal_lmdb& journal,
                                    const std::vector<std::shared_ptr<projection>>& projections,
                                    const value_source& source) {
  mending_outcome out;
  const auto damaged = state.damaged_values();
  refolding anew(source);
  std::vector<std::pair<value_place, std::optional<value_source::entity>>> all;
  for (auto& at : damaged) {
    auto entity = source.entity_of ? source.entity_of(at.first, at.second) : std::nullopt;
    if (entity) anew.want(*entity);
    all.emplace_back(at, std::move(entity));
  }
  if (all.empty()) return out;
  if (auto done = anew.fold(journal, state.stored(), projections); !done)
    return tl::unexpected(done.error());
  std::set<std::string> lost_in;
  std::erase_if(all, [&](auto& one) {
    if (one.second && anew.has(*one.second)) return false;
    ++out.lost;
    lost_in.insert(one.first.first);
    return true;
  });
  out.mended = all.size();
  out.lost_in.assign(lost_in.begin(), lost_in.end());
  auto written = state.tidy([&](state_batch& batch) {
    // Each of those that are made anew together takes out what is there first: the damaged ones
    // before.
    for (auto& [at, entity] : all) batch.erase(at.first, at.second);
    for (auto& [at, entity] : all) {
      put_anew(batch, anew, at,
               source.together ? source.together(at.first, at.second) : std::string());
    }
  });
  if (!written) return tl::unexpected(written.error());
  return out;
}

}  // namespace switchboard::store
