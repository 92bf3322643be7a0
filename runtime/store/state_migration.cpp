#include "runtime/store/state_migration.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "runtime/store/env_copy.hpp"
#include "runtime/store/state_lmdb.hpp"
#include "runtime/store/value_check.hpp"

namespace switchboard::store {
namespace {

/// What a state says of itself.
struct state_form {
  bool there = false;
  std::uint32_t layout = 1;
  bool checked = false;
};

result<state_form> form_of(const lmdb_options& environment) {
  std::error_code ec;
  if (!std::filesystem::exists(environment.dir + "/data.mdb", ec)) return state_form{};
  auto env = lmdb_env::open(environment);
  if (!env) return tl::unexpected(env.error());
  auto txn = (*env)->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  auto tables = (*env)->tables(*txn);
  if (!tables) return tl::unexpected(tables.error());
  auto about = std::ranges::find(*tables, about_state::table, &named_table::name);
  if (about == tables->end() || !txn->get(about->table, about_state::store_id)) return state_form{};
  state_form form{true, 1, false};
  // Those of the first layout did not say so.
  if (auto layout = txn->get(about->table, about_state::layout)) {
    form.layout = std::uint32_t(std::atoi(std::string(*layout).c_str()));
  }
  form.checked = txn->get(about->table, about_state::values) == about_state::checked;
  return form;
}

/// What becomes of one state's entries.
class migration {
 public:
  migration(const state_form& from, std::uint32_t layout, std::vector<const layout_step*> steps)
      : from_(from), layout_(layout), steps_(std::move(steps)) {}

  result<void> take(const named_table& t, std::string_view key, std::string_view value,
                    const entry_sink& into) {
    if (t.name == about_state::table) return take_about(t, key, value, into);
    auto bare = from_.checked ? checked_value(key, value) : value;
    // It would be damaged in the copy too, and now with a checksum that says it is well.
    if (!bare) return into(t, key, value);
    into_ = &into;
    return pass(0, t.name, key, *bare);
  }

 private:
  result<void> take_about(const named_table& t, std::string_view key, std::string_view value,
                          const entry_sink& into) {
    if (key == about_state::layout || key == about_state::values) return {};
    if (key == about_state::store_id) {
      auto done = into(t, about_state::layout, std::to_string(layout_));
      if (done) done = into(t, about_state::values, about_state::checked);
      return done ? into(t, key, value) : done;
    }
    if (key == about_state::position && !from_.checked) return put(t.name, key, value, into);
    return into(t, key, value);
  }

  result<void> pass(std::size_t step, std::string_view table, std::string_view key,
                    std::string_view value) {
    if (step == steps_.size()) return put(table, key, value, *into_);
    auto& rewrite = steps_[step]->rewrite;
    if (!rewrite) return pass(step + 1, table, key, value);
    return rewrite(table, key, value,
                   [this, step](std::string_view to, std::string_view k, std::string_view v) {
                     return pass(step + 1, to, k, v);
                   });
  }

  result<void> put(std::string_view table, std::string_view key, std::string_view value,
                   const entry_sink& into) {
    sealed_ = value;
    sealed_ += checksum_of(key, value).view();
    return into({std::string(table), {}, key_order::bytes}, key, sealed_);
  }

  const state_form from_;
  const std::uint32_t layout_;
  const std::vector<const layout_step*> steps_;
  const entry_sink* into_ = nullptr;
  std::string sealed_;
};

tl::unexpected<error> unreadable(const std::string& dir, std::uint32_t found, std::uint32_t read) {
  return fail(errc::failed_precondition, "the state in " + dir + " has table layout " +
                                             std::to_string(found) +
                                             ", this program reads layout " + std::to_string(read) +
                                             ": start the version that wrote it");
}

}  // namespace

result<void> migrate_state(const lmdb_options& environment, std::uint32_t layout,
                           const layout_steps& steps, const notice_handler& notice) {
  auto form = form_of(environment);
  if (!form) return tl::unexpected(form.error());
  if (!form->there || (form->layout == layout && form->checked)) return {};
  std::vector<const layout_step*> lacking;
  for (auto at = form->layout + 1; at <= layout; ++at) {
    auto step = std::ranges::find(steps, at, &layout_step::to);
    if (step == steps.end()) return unreadable(environment.dir, form->layout, layout);
    lacking.push_back(&*step);
  }
  if (form->layout > layout) return unreadable(environment.dir, form->layout, layout);
  auto say = [&](const std::string& words) {
    if (notice) notice("state_migrating", words);
  };
  say("the state is rewritten from layout " + std::to_string(form->layout) + " to " +
      std::to_string(layout));
  for (auto* step : lacking)
    say("layout " + std::to_string(step->to) + ": " + std::string(step->what));
  migration work(*form, layout, std::move(lacking));
  copy_options how;
  how.rule = [&](const named_table& t, std::string_view key, std::string_view value,
                 const entry_sink& into) { return work.take(t, key, value, into); };
  how.progress = [&](std::uint64_t read, std::uint64_t all) {
    say(std::to_string(read) + " of " + std::to_string(all) + " entries");
  };
  auto done = rewrite_environment(environment, how);
  if (done) say("done");
  return done;
}

}  // namespace switchboard::store
