#include "actors/mining/mining_rules.hpp"

#include <cstdio>

#include "actors/catalog/customer_condition.hpp"
#include "runtime/base/hash.hpp"

namespace switchboard {
namespace {

using cel::value;

value texts(const std::vector<std::string>& all) {
  std::vector<value> out;
  for (auto& t : all) out.push_back(value::string(t));
  return value::list(std::move(out));
}

const cel::environment& mining_environment() {
  using cel::type;
  static const cel::environment names = [] {
    const auto s = type::string();
    const auto list = type::list(s);
    cel::environment e;
    e.add_variable("session", type::structure("session", {{"id", s},
                                                          {"channel", s},
                                                          {"entry", s},
                                                          {"page", s},
                                                          {"intent", s},
                                                          {"subject", s},
                                                          {"outcome", s},
                                                          {"rating", type::integer()},
                                                          {"messages", type::integer()},
                                                          {"lasted", type::duration()},
                                                          {"group", s},
                                                          {"agent", s},
                                                          {"sales_channel", s},
                                                          {"campaign", s},
                                                          {"disposition", s},
                                                          {"tags", list}}));
    for (auto name : {"said", "replied", "products", "tags"}) e.add_variable(name, list);
    e.add_variable("customer", customer_type());
    e.add_variable("trail", type::structure("trail", {{"sessions_30d", type::integer()},
                                                      {"last_agent", s},
                                                      {"last_group", s}}));
    e.add_variable("now", type::timestamp());
    return e;
  }();
  return names;
}

value session_value(const session_facts& f) {
  auto& e = f.entry;
  auto text = [](const std::string& s) { return value::string(s); };
  auto lasted = e.closed_at ? *e.closed_at - e.opened_at : millis{0};
  return value::record({{"id", text(e.session.text())},
                        {"channel", text(e.channel)},
                        {"entry", text(e.entry)},
                        {"page", text(e.page)},
                        {"intent", text(f.intent)},
                        {"subject", text(f.subject)},
                        {"outcome", text(e.outcome)},
                        {"rating", value::integer(e.rating)},
                        {"messages", value::integer(e.messages)},
                        {"lasted", value::duration(lasted)},
                        {"group", text(e.group.value)},
                        {"agent", text(e.agent.value)},
                        {"sales_channel", text(e.sales_channel)},
                        {"campaign", text(e.campaign)},
                        {"disposition", text(f.disposition)},
                        {"tags", texts(f.tags)}});
}

cel::bindings bindings_of(const session_facts& f, timestamp now) {
  cel::bindings b;
  b.bind("session", session_value(f));
  b.bind("said", texts(f.said));
  b.bind("replied", texts(f.replied));
  b.bind("products", texts(f.products));
  b.bind("customer", customer_value(f.customer));
  std::vector<std::string> tags;
  for (auto& t : f.customer.tags) tags.push_back(t.tag);
  b.bind("tags", texts(tags));
  b.bind("trail", value::record({{"sessions_30d", value::integer(f.trail.sessions_30d)},
                                 {"last_agent", value::string(f.trail.last_agent.value)},
                                 {"last_group", value::string(f.trail.last_group.value)}}));
  b.bind("now", value::timestamp(cel::instant::from(now)));
  return b;
}

std::string suggestion_id(const session_id& session, const std::string& rule) {
  char text[24];
  std::snprintf(text, sizeof text, "g%016llx",
                static_cast<unsigned long long>(fnv1a(rule, fnv1a(session.text()))));
  return text;
}

suggestion from_rule(const config::mining_rule_config& rule, const session_facts& f,
                     timestamp now) {
  suggestion s;
  s.id = suggestion_id(f.entry.session, rule.name);
  s.rule = rule.name;
  s.reason = rule.reason;
  s.session = f.entry.session;
  s.at = now;
  s.automatic = rule.automatic;
  if (!rule.tag.empty()) {
    s.kind = "tag";
    s.fields = {{"tag", rule.tag}};
  } else if (!rule.lead.empty()) {
    s.kind = "lead";
    s.fields = rule.lead;
    s.fields.emplace("sales_channel", f.entry.sales_channel);
    if (!f.entry.campaign.empty()) s.fields.emplace("campaign", f.entry.campaign);
    // An agent who served it owns what comes of it.
    if (!f.entry.agent.empty()) s.fields.emplace("owner", f.entry.agent.value);
  } else {
    s.kind = "field";
    s.fields = rule.set;
  }
  return s;
}

}  // namespace

tl::expected<std::shared_ptr<const mining_rules>, config::config_errors> mining_rules::compile(
    const config::dispatch_config& config) {
  auto out = std::make_shared<mining_rules>();
  config::config_errors errors;
  for (std::size_t i = 0; i < config.mining.size(); ++i) {
    auto& from = config.mining[i];
    auto program = cel::compile(from.when, mining_environment());
    auto refuse = [&](std::string why) {
      errors.push_back({from.when_where.file, from.when_where.line,
                        "mining[" + std::to_string(i) + "].when", std::move(why)});
    };
    if (!program)
      refuse(program.error().to_string());
    else if (!program->may_be_bool())
      refuse("is not true or false");
    else
      out->rules_.push_back({from, *program});
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return out;
}

std::vector<suggestion> mining_rules::suggest(const session_facts& f, timestamp now) const {
  std::vector<suggestion> out;
  if (rules_.empty()) return out;
  auto b = bindings_of(f, now);
  for (auto& r : rules_) {
    auto v = r.when.evaluate(b);
    // One that errs does not hold, as in routing.
    if (v && v->is_true()) out.push_back(from_rule(r.from, f, now));
  }
  return out;
}

}  // namespace switchboard
