#include <algorithm>

#include "config/customer_vocabulary.hpp"
#include "config/dispatch_sections.hpp"

/// What is kept of customers: profile_fields, lead_stages, mining.
namespace switchboard::config {
namespace {

constexpr name_entry<field_type> types[] = {
    {"text", field_type::text},   {"integer", field_type::integer}, {"number", field_type::number},
    {"flag", field_type::flag},   {"date", field_type::date},       {"phone", field_type::phone},
    {"email", field_type::email}, {"choice", field_type::choice}};
constexpr name_entry<stage_end> ends[] = {{"won", stage_end::won}, {"lost", stage_end::lost}};

const std::vector<std::string> roles{"agent", "leader", "supervisor", "admin"};
const std::vector<std::string> sources{"agent", "member", "tag", "channel"};
const std::vector<std::string> own_fields{"name",    "phone",   "email",    "gender", "birthday",
                                          "company", "address", "language", "remark"};
const std::vector<std::string> lead_fields{"title", "stage", "value", "currency", "next_step"};

/// A list of words from `known`, each at most once.
std::vector<std::string> read_words(const yaml_value& value, std::string_view what,
                                    const std::vector<std::string>& known) {
  std::vector<std::string> out;
  for (const auto& one : value.list(16)) {
    std::string word;
    if (!one.reference(word, what, known)) continue;
    if (std::ranges::count(out, word) > 0) one.refuse("\"" + word + "\" is named twice");
    out.push_back(std::move(word));
  }
  return out;
}

/// {en: ..., zh: ...}, or one text for all languages.
std::map<std::string, std::string> read_label(const yaml_value& value) {
  std::map<std::string, std::string> out;
  if (value.node().IsScalar()) {
    value.text(out["en"], 128);
    return out;
  }
  yaml_map languages(value);
  for (const auto& [language, text] : languages.entries()) text.text(out[language], 128);
  return out;
}

void read_choices(yaml_map& map, profile_field_config& out) {
  auto values = map.find("values");
  if (values) {
    for (const auto& one : values->list(200)) {
      std::string word;
      if (one.text(word, 128)) out.choices.push_back(std::move(word));
    }
  }
  if ((out.type == field_type::choice) != !out.choices.empty()) {
    map.value().refuse("\"values\" goes with type choice, and a choice needs them");
  }
}

profile_field_config read_field(const yaml_value& value, declared_ids& ids) {
  profile_field_config out;
  out.where = value.where();
  yaml_map map(value);
  out.id = ids.read(map);
  if (auto v = map.find("type")) v->choice<field_type>(out.type, "type of field", types);
  if (auto v = map.find("label")) out.label = read_label(*v);
  read_choices(map, out);
  if (auto v = map.find("edit")) out.edit = read_words(*v, "role", roles);
  if (auto v = map.find("from_member")) v->text(out.from_member, 64);
  if (auto v = map.find("from_tag")) v->text(out.from_tag, 64);
  if (auto v = map.find("prefer")) out.prefer = read_words(*v, "source", sources);
  map.finish();
  return out;
}

/// The one of `set`, `tag`, `lead` that a rule suggests.
void read_suggestion(yaml_map& map, const dispatch_config& all, mining_rule_config& out) {
  auto set = map.find("set"), tag = map.find("tag"), lead = map.find("lead");
  if ((set ? 1 : 0) + (tag ? 1 : 0) + (lead ? 1 : 0) != 1) {
    map.value().refuse("expected one of \"set\", \"tag\" and \"lead\"");
  }
  if (set) {
    auto known = profile_field_names(all);
    yaml_map fields(*set);
    for (const auto& [name, text] : fields.entries()) {
      if (!all.profile_fields.empty() && std::ranges::count(known, name) == 0) {
        text.refuse(unknown_name("profile field", name, known));
      }
      text.text(out.set[name], 512);
    }
    if (out.set.empty()) set->refuse("sets no field");
  }
  if (tag) tag->text(out.tag, 64);
  if (!lead) return;
  yaml_map fields(*lead);
  for (const auto& name : lead_fields) {
    if (auto v = name == "title" ? fields.need(name) : fields.find(name)) {
      if (name == "stage") {
        v->reference(out.lead[name], "lead stage", lead_stage_names(all));
      } else {
        v->text(out.lead[name], 256);
      }
    }
  }
  fields.finish();
}

mining_rule_config read_rule(const yaml_value& value, const dispatch_config& all) {
  mining_rule_config out;
  out.where = value.where();
  yaml_map map(value);
  if (auto v = map.need("name"); v && v->text(out.name, 128)) {
    if (std::ranges::count(all.mining, out.name, &mining_rule_config::name) > 0)
      v->refuse("\"" + out.name + "\" is declared already");
  }
  if (auto v = map.need("when")) {
    v->condition(out.when);
    out.when_where = v->where();
    if (out.when.empty()) v->refuse("expected a condition");
  }
  if (auto v = map.need("reason")) v->text(out.reason, 512);
  read_suggestion(map, all, out);
  if (auto v = map.find("automatic")) v->flag(out.automatic);
  map.finish();
  return out;
}

}  // namespace

std::vector<std::string> profile_field_names(const dispatch_config& c) {
  auto names = own_fields;
  for (const auto& f : c.profile_fields) {
    if (std::ranges::count(names, f.id) == 0) names.push_back(f.id);
  }
  return names;
}

std::vector<std::string> lead_stage_names(const dispatch_config& c) {
  std::vector<std::string> names;
  for (const auto& s : lead_pipeline(c)) names.push_back(s.id);
  return names;
}

const std::vector<lead_stage_config>& lead_pipeline(const dispatch_config& c) {
  static const std::vector<lead_stage_config> usual{
      {"new", {}, stage_end::none, {}, {}},       {"contacted", {}, stage_end::none, {}, {}},
      {"qualified", {}, stage_end::none, {}, {}}, {"proposal", {}, stage_end::none, {}, {}},
      {"won", {}, stage_end::won, {}, {}},        {"lost", {}, stage_end::lost, {}, {}}};
  return c.lead_stages.empty() ? usual : c.lead_stages;
}

void read_profile_fields(const yaml_value& section, dispatch_config& out) {
  declared_ids ids;
  for (const auto& one : section.list(200)) out.profile_fields.push_back(read_field(one, ids));
}

void read_lead_stages(const yaml_value& section, dispatch_config& out) {
  declared_ids ids;
  auto stages = section.list(50);
  std::vector<std::pair<std::size_t, yaml_value>> nexts;
  for (const auto& one : stages) {
    lead_stage_config stage;
    stage.where = one.where();
    yaml_map map(one);
    stage.id = ids.read(map);
    if (auto v = map.find("label")) stage.label = read_label(*v);
    if (auto v = map.find("ends")) v->choice<stage_end>(stage.ends, "end", ends);
    if (auto v = map.find("next")) nexts.emplace_back(out.lead_stages.size(), *v);
    map.finish();
    out.lead_stages.push_back(std::move(stage));
  }
  if (section.node().IsSequence() && stages.empty()) section.refuse("names no stage");
  // A stage may name one that is declared after it.
  for (auto& [i, list] : nexts) {
    out.lead_stages[i].next = read_words(list, "lead stage", lead_stage_names(out));
  }
}

void read_mining(const yaml_value& section, dispatch_config& out) {
  for (const auto& one : section.list(200)) out.mining.push_back(read_rule(one, out));
}

}  // namespace switchboard::config
