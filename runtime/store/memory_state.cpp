#include "runtime/store/memory_state.hpp"

#include <optional>
#include <utility>

#include "runtime/store/damage.hpp"

namespace switchboard::store {
namespace {

using table = memory_state::table;
using tables = memory_state::tables;

const table* find_table(const tables& all, std::string_view name) {
  auto it = all.find(name);
  return it == all.end() ? nullptr : it->second.get();
}

std::optional<std::string> find_in(const tables& all, std::string_view name, std::string_view key) {
  const table* t = find_table(all, name);
  if (!t) return std::nullopt;
  auto it = t->find(key);
  if (it == t->end()) return std::nullopt;
  return it->second;
}

void scan_in(const tables& all, std::string_view name, std::string_view from,
             const std::function<bool(std::string_view, std::string_view)>& visit) {
  const table* t = find_table(all, name);
  if (!t) return;
  for (auto it = t->lower_bound(from); it != t->end() && visit(it->first, it->second);) ++it;
}

class memory_view final : public state_view {
 public:
  explicit memory_view(tables seen) : seen_(std::move(seen)) {}
  std::optional<std::string> find(std::string_view name, std::string_view key) const override {
    return find_in(seen_, name, key);
  }
  void scan(std::string_view name, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    scan_in(seen_, name, from, visit);
  }

 private:
  const tables seen_;
};

/// With values that lie there damaged.
class damaged_view final : public state_view {
 public:
  using places = std::set<std::pair<std::string, std::string>>;
  damaged_view(tables seen, places damaged, bool lenient)
      : seen_(std::move(seen)), damaged_(std::move(damaged)), lenient_(lenient) {}
  std::optional<std::string> find(std::string_view name, std::string_view key) const override {
    auto found = find_in(seen_, name, key);
    return found && whole(name, key) ? found : std::nullopt;
  }
  void scan(std::string_view name, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    scan_in(seen_, name, from, [&](std::string_view key, std::string_view value) {
      return !whole(name, key) || visit(key, value);
    });
  }

 private:
  bool whole(std::string_view name, std::string_view key) const {
    if (!damaged_.contains({std::string(name), std::string(key)})) return true;
    if (lenient_) return false;
    throw damaged_data("a value in table " + std::string(name) + " of the state is damaged");
  }
  const tables seen_;
  const places damaged_;
  const bool lenient_;
};

/// Writes into a copy of the table directory; a table itself is copied at its first change.
class memory_batch final : public state_batch {
 public:
  memory_batch(tables begun, std::size_t& bytes) : tables_(std::move(begun)), bytes_(bytes) {}
  std::optional<std::string> find(std::string_view name, std::string_view key) const override {
    return find_in(tables_, name, key);
  }
  void scan(std::string_view name, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    scan_in(tables_, name, from, visit);
  }
  void put(std::string_view name, std::string_view key, std::string_view value) override {
    // As LMDB has it, so that a simulation does not pass where the daemon would stop.
    SB_INVARIANT(!key.empty() && key.size() <= 511);
    auto [it, fresh] = writable(name).try_emplace(std::string(key));
    bytes_ += value.size() + (fresh ? key.size() : 0) - it->second.size();
    it->second = value;
  }
  void erase(std::string_view name, std::string_view key) override {
    table& t = writable(name);
    auto it = t.find(key);
    if (it == t.end()) return;
    bytes_ -= it->first.size() + it->second.size();
    t.erase(it);
  }
  tables finish() { return std::move(tables_); }

 private:
  table& writable(std::string_view name) {
    auto it = tables_.find(name);
    SB_INVARIANT(it != tables_.end());
    if (it->second.use_count() > 1) it->second = std::make_shared<table>(*it->second);
    return *it->second;
  }
  tables tables_;
  std::size_t& bytes_;
};

}  // namespace

memory_state::memory_state(memory_journal& from,
                           std::vector<std::shared_ptr<projection>> projections)
    : from_(from), projections_(std::move(projections)) {
  declare_tables();
  from_.attach(this);
}

memory_state::~memory_state() {
  from_.attach(nullptr);
}

void memory_state::declare_tables() {
  for (const auto& p : projections_) {
    for (auto& name : p->tables()) tables_.try_emplace(std::move(name), std::make_shared<table>());
  }
}

std::unique_ptr<state_view> memory_state::view_that(bool lenient) const {
  std::lock_guard lock(mutex_);
  if (!damaged_.empty()) return std::make_unique<damaged_view>(tables_, damaged_, lenient);
  return std::make_unique<memory_view>(tables_);
}

std::unique_ptr<state_view> memory_state::view() const {
  return view_that(false);
}

std::unique_ptr<state_view> memory_state::lenient_view() const {
  return view_that(true);
}

void memory_state::damage(std::string_view table, std::string_view key) {
  std::lock_guard lock(mutex_);
  damaged_.emplace(table, key);
}

position memory_state::projected() const {
  std::lock_guard lock(mutex_);
  return projected_;
}

void memory_state::fold_up_to(position durable) {
  std::lock_guard folding(folding_);
  if (!held_) fold(durable);
}

void memory_state::catch_up() {
  std::lock_guard folding(folding_);
  fold(from_.durable());
}

void memory_state::fold(position durable) {
  if (durable <= projected()) return;
  position next = projected() + 1;
  auto before = lenient_view();
  auto read = from_.read(next, durable - next + 1, [&](const placed_record& r) {
    for (const auto& p : projections_) p->fold(r, *before);
    return true;
  });
  SB_INVARIANT(read.has_value() && *read == durable + 1);
  before.reset();
  std::lock_guard lock(mutex_);
  // A copy makes every table that is written be copied: only where it may be needed.
  stored_state fitting;
  if (limit_ > 0 && !stored_) fitting = {tables_, projected_, bytes_};
  memory_batch batch(std::move(tables_), bytes_);
  for (const auto& p : projections_) p->flush(batch);
  tables_ = batch.finish();
  projected_ = durable;
  if (limit_ == 0 || bytes_ <= limit_) {
    stored_.reset();
  } else if (!stored_) {
    stored_ = std::move(fitting);
  }
}

void memory_state::limit(std::size_t bytes) {
  std::lock_guard lock(mutex_);
  limit_ = bytes;
  if (limit_ == 0 || bytes_ <= limit_) stored_.reset();
}

bool memory_state::full() const {
  std::lock_guard lock(mutex_);
  return stored_.has_value();
}

position memory_state::stored() const {
  std::lock_guard lock(mutex_);
  return stored_ ? stored_->at : projected_;
}

std::size_t memory_state::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

void memory_state::tidy(const std::function<void(state_batch&)>& fill) {
  std::lock_guard folding(folding_);
  std::lock_guard lock(mutex_);
  // What is stored loses it too; what lies aside is folded again at a restart.
  if (stored_) {
    memory_batch batch(std::move(stored_->all), stored_->bytes);
    fill(batch);
    stored_->all = batch.finish();
  }
  memory_batch batch(std::move(tables_), bytes_);
  fill(batch);
  tables_ = batch.finish();
}

void memory_state::hold(bool held) {
  {
    std::lock_guard folding(folding_);
    held_ = held;
  }
  if (!held) fold_up_to(from_.durable());
}

void memory_state::restart(std::vector<std::shared_ptr<projection>> projections) {
  {
    std::lock_guard folding(folding_);
    std::lock_guard lock(mutex_);
    projections_ = std::move(projections);
    if (stored_) {
      tables_ = std::move(stored_->all);
      projected_ = stored_->at;
      bytes_ = stored_->bytes;
      stored_.reset();
    }
    declare_tables();
  }
  fold_up_to(from_.durable());
}

}  // namespace switchboard::store
