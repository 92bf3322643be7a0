#include <algorithm>
#include <set>

#include "actors/router/condition_outline.hpp"
#include "actors/router/opening_hours.hpp"
#include "actors/router/route_activation.hpp"
#include "actors/router/routing_rules.hpp"
#include "actors/router/rule_reach.hpp"
#include "actors/router/step_staffing.hpp"
#include "runtime/base/text.hpp"

namespace switchboard {
namespace {

constexpr std::size_t most_errors = 1000;

/// "column 8: ...", with the line where a condition has several.
std::string located(const cel::position& where, const std::string& message) {
  const auto line = where.line > 1 ? "line " + std::to_string(where.line) + ", " : "";
  return line + "column " + std::to_string(where.column) + ": " + message;
}

std::string indexed(std::string_view list, std::size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "]";
}

/// Customers' words and names are no business of an explanation.
bool is_personal(std::string_view read) {
  return read == "request.text" || read == "member.name";
}

/// A whole variable is more than a line of explanation can show.
bool is_whole(std::string_view read) {
  return read == "request" || read == "member" || read == "trail";
}

}  // namespace

/// Builds one snapshot and gathers all that is wrong on the way. For one use.
class routing_compiler {
 public:
  routing_compiler(const config::dispatch_config& all, int version)
      : all_(all), staffing_(all.agents), out_(std::shared_ptr<routing_rules>(new routing_rules)) {
    out_->version_ = version;
  }

  config::checked<std::shared_ptr<const routing_rules>> run() {
    for (const auto& c : all_.calendars) {
      if (!zone_is_known(c)) {
        wrong(c.where, "calendars." + c.id + ".timezone",
              "unknown time zone \"" + c.timezone + "\"");
      }
    }
    for (const auto& group : all_.groups) names_.push_back(group.id.value);
    for (std::size_t i = 0; i < all_.groups.size(); ++i) add_group(all_.groups[i], i);
    for (const auto& agent : all_.agents) out_->agents_[agent.id.value] = agent.groups;
    for (std::size_t i = 0; i < all_.rules.size(); ++i) add_rule(all_.rules[i], i);
    check_last();
    if (errors_.empty()) join_conditions();
    if (errors_.empty()) return std::shared_ptr<const routing_rules>(std::move(out_));
    std::ranges::stable_sort(errors_, {}, &config::config_error::line);
    return tl::unexpected(std::move(errors_));
  }

 private:
  void wrong(const config::mark& where, std::string key, std::string message) {
    if (errors_.size() < most_errors) {
      errors_.push_back({where.file, where.line, std::move(key), std::move(message)});
    }
  }

  std::string unknown_group(const std::string& name) const {
    const auto near = nearest_name(name, names_);
    return "unknown group \"" + name + "\"" +
           (near.empty() ? "" : "; did you mean \"" + near + "\"?");
  }

  bool is_group(const std::string& name) const {
    return std::ranges::find(names_, name) != names_.end();
  }

  /// What all conditions share: they compile, are bool, and name groups that there are.
  void check_queues(const condition_outline& outline, const config::mark& where,
                    const std::string& key) {
    for (const auto& q : outline.queues) {
      if (!is_group(q.name)) wrong(where, key, located(q.where, unknown_group(q.name)));
    }
  }

  std::optional<cel::program> condition(const std::string& text, const config::mark& where,
                                        const std::string& key) {
    auto made = cel::compile(text, routing_environment());
    if (!made) {
      wrong(where, key, located(made.error().where, made.error().message));
      return std::nullopt;
    }
    if (!made->may_be_bool()) {
      wrong(where, key, "expected a bool condition, found " + made->result_type().to_string());
      return std::nullopt;
    }
    if (const auto outline = outline_of(text)) check_queues(*outline, where, key);
    return std::move(*made);
  }

  void add_group(const config::group_config& g, std::size_t index) {
    group_table::entry entry{.id = g.id};
    if (!g.serves.empty()) {
      entry.serves = condition(g.serves, g.serves_where, indexed("groups", index) + ".serves");
    }
    const auto hours = std::ranges::find(all_.calendars, g.calendar, &config::calendar::id);
    if (hours != all_.calendars.end()) {
      entry.hours = std::make_shared<const config::calendar>(*hours);
    } else if (!g.calendar.empty()) {
      wrong(g.where, indexed("groups", index) + ".calendar",
            "unknown calendar \"" + g.calendar + "\"");
    }
    for (const auto& old : g.formerly) out_->groups_.add_former(old, g.id);
    out_->groups_.add(std::move(entry));
  }

  void add_rule(const config::rule_config& r, std::size_t index) {
    compiled_rule rule;
    rule.name = r.name;
    rule.priority = r.priority;
    rule.sticky_last_agent = r.sticky_last_agent;
    const auto key = indexed("rules", index);
    add_condition(r, key, rule);
    for (std::size_t s = 0; s < r.steps.size(); ++s) {
      add_step(r.steps[s], key + "." + indexed("steps", s), rule);
    }
    out_->rules_.push_back(std::move(rule));
  }

  void add_condition(const config::rule_config& r, const std::string& key, compiled_rule& rule) {
    const auto text = r.when.empty() ? std::string("true") : r.when;
    const auto made = condition(text, r.when_where, key + ".when");
    const auto outline = outline_of(text);
    if (!made || !outline) {
      // A place in the order is kept, so that later rules are compared with the right ones.
      reach_.add({"rule " + key}, false);
      last_holds_ = false;
      return;
    }
    // With no variable bound, true can only be what is true for everybody.
    const auto bare = made->evaluate(cel::bindings{});
    last_holds_ = bare && bare->is_true();
    if (const auto before = reach_.add(outline->clauses, last_holds_)) {
      const auto& earlier = all_.rules[*before];
      wrong(r.where, key,
            "can never be reached: rule \"" + earlier.name + "\" on line " +
                std::to_string(earlier.where.line) + " matches whatever this one would");
    }
    if (!last_holds_) rule.condition = r.when;
    add_alone(text, rule);
    for (const auto& read : outline->reads) note_read(read, rule);
  }

  static void add_alone(const std::string& text, compiled_rule& rule) {
    if (auto set = cel::rule_set::compile({&text, 1}, routing_environment())) {
      rule.alone = std::move(*set);
    }
  }

  void note_read(const std::string& read, compiled_rule& rule) {
    if (is_personal(read) || is_whole(read)) return;
    const auto [at, fresh] = reads_.emplace(read, static_cast<std::uint32_t>(out_->reads_.size()));
    if (fresh) {
      // A loop's own variable is no variable of the environment, and not worth showing.
      auto made = cel::compile(read, routing_environment());
      if (!made) {
        at->second = unreadable;
      } else {
        out_->reads_.push_back(std::move(*made));
      }
    }
    if (at->second != unreadable) rule.reads.push_back(at->second);
  }

  void add_step(const config::step_config& s, const std::string& key, compiled_rule& rule) {
    compiled_step step{.balance = s.balance};
    if (!s.skip_if.empty()) step.skip_if = condition(s.skip_if, s.skip_if_where, key + ".skip_if");
    plan_step planned{.wait = s.wait,
                      .widen = s.widen,
                      .leave_message = s.leave_message,
                      .owned = s.owner == config::step_owner::last_agent};
    for (const auto& [skill, level] : s.require) planned.need.skills.push_back({skill, level});
    std::string lacking;
    for (const auto& group : s.groups) {
      if (!is_group(group.value)) {
        wrong(s.where, key, unknown_group(group.value));
      } else if (staffing_.can_meet(group, s.require)) {
        planned.groups.push_back(group);
      } else {
        lacking += "; " + group.value + ": " + staffing_.lacking(group, s.require);
      }
    }
    if (planned.groups.empty() && !lacking.empty()) {
      wrong(s.where, key, "no configured agent can meet this step" + lacking);
    }
    rule.plan.push_back(std::move(planned));
    rule.steps.push_back(std::move(step));
  }

  void check_last() {
    if (all_.rules.empty()) {
      wrong({}, "rules", "there is no rule");
    } else if (!last_holds_ && errors_.empty()) {
      wrong(all_.rules.back().where, indexed("rules", all_.rules.size() - 1),
            "the last rule must match everything: leave out \"when\"");
    }
  }

  void join_conditions() {
    std::vector<std::string> texts;
    for (const auto& r : all_.rules) texts.push_back(r.when.empty() ? "true" : r.when);
    auto made = cel::rule_set::compile(texts, routing_environment());
    if (made) {
      out_->conditions_ = std::move(*made);
      return;
    }
    // Each compiled alone; what is left is that all together are too much.
    for (const auto& e : made.error()) {
      wrong(all_.rules[e.rule].when_where, indexed("rules", e.rule) + ".when",
            located(e.error.where, e.error.message));
    }
  }

  static constexpr std::uint32_t unreadable = 0xffffffff;

  const config::dispatch_config& all_;
  step_staffing staffing_;
  std::shared_ptr<routing_rules> out_;
  std::vector<std::string> names_;
  std::map<std::string, std::uint32_t> reads_;
  rule_reach reach_;
  bool last_holds_ = false;
  config::config_errors errors_;
};

config::checked<std::shared_ptr<const routing_rules>> compile_routing(
    const config::dispatch_config& all, int version) {
  return routing_compiler(all, version).run();
}

}  // namespace switchboard
