#include <algorithm>

#include "config/reception_section.hpp"

namespace switchboard::config {
namespace {

constexpr name_entry<field_kind> kinds[] = {
    {"text", field_kind::text},       {"number", field_kind::number},
    {"integer", field_kind::integer}, {"choice", field_kind::choice},
    {"flag", field_kind::flag},       {"date", field_kind::date},
    {"phone", field_kind::phone},     {"email", field_kind::email}};

/// Text for people: one for all languages, or by language.
void read_label(const yaml_value& value, std::map<std::string, std::string>& out) {
  std::string text;
  if (value.node().IsScalar()) {
    if (value.text(text)) out["en"] = text;
    return;
  }
  yaml_map languages(value);
  for (const auto& [language, one] : languages.entries()) {
    if (one.text(text)) out[language] = text;
  }
}

form_field read_form_field(const yaml_value& value, declared_ids& names) {
  form_field out;
  yaml_map map(value);
  out.name = names.read(map, "name");
  if (auto v = map.find("label")) read_label(*v, out.label);
  if (auto v = map.find("kind")) v->choice<field_kind>(out.kind, "kind of field", kinds);
  if (auto v = map.find("required")) v->flag(out.required);
  if (auto v = map.find("length")) v->integer(out.length, 1, 4000);
  if (auto v = map.find("least")) v->number(out.least, -1e15, 1e15);
  if (auto v = map.find("most")) v->number(out.most, -1e15, 1e15);
  if (out.least > out.most) value.refuse("\"least\" is more than \"most\"");
  if (auto v = map.find("choices")) {
    for (const auto& one : v->list(200)) {
      if (std::string text; one.text(text, 128)) out.choices.push_back(std::move(text));
    }
  }
  if (out.kind == field_kind::choice && out.choices.empty())
    value.refuse("a choice needs \"choices\"");
  if (out.kind != field_kind::choice && !out.choices.empty())
    value.refuse("\"choices\" belongs to kind: choice");
  map.finish();
  return out;
}

}  // namespace

void read_forms(const yaml_value& section, reception_config& out) {
  declared_ids ids;
  for (const auto& one : section.list(1000)) {
    form_config form;
    form.where = one.where();
    yaml_map map(one);
    form.id = ids.read(map);
    if (auto v = map.find("title")) read_label(*v, form.title);
    if (auto v = map.need("fields")) {
      declared_ids names;
      for (const auto& field : v->list(100)) form.fields.push_back(read_form_field(field, names));
      if (form.fields.empty() && v->node().IsSequence()) v->refuse("a form has one field at least");
    }
    map.finish();
    out.forms.push_back(std::move(form));
  }
}

}  // namespace switchboard::config
