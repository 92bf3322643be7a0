#include "tools/switchboardctl/sales_commands.hpp"

#include <algorithm>
#include <array>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/language.hpp"
#include "tools/switchboardctl/live_commands.hpp"
#include "tools/switchboardctl/session_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::text_table;
using side = text_table::align;

json list_of(const std::string& text) {
  json out = json::array();
  for (std::size_t from = 0; from <= text.size();) {
    const auto to = std::min(text.find(',', from), text.size());
    if (to > from) out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

/// As the wire has it: lists, numbers, text.
json fields_of(const std::vector<std::pair<std::string, std::string>>& given) {
  constexpr std::array lists{"channels", "entry_codes"};
  constexpr std::array numbers{"cost", "value", "from", "until", "next_at"};
  json out = json::object();
  for (auto& [name, text] : given) {
    if (std::ranges::find(lists, name) != lists.end()) {
      out[name] = list_of(text);
    } else if (std::ranges::find(numbers, name) != numbers.end()) {
      auto read = json::parse(text, nullptr, false);
      out[name] = read.is_number() ? read : json(text);
    } else {
      out[name] = text;
    }
  }
  return out;
}

}  // namespace

outcome list_catalog(control_client& daemon, const std::string& kind) {
  auto answer = daemon.call(kind + ".list", json::object());
  if (!answer) return tl::unexpected(answer.error());
  const bool segment = kind == "segment";
  text_table table({{tr("ID")},
                    {tr("NAME"), side::left, 24},
                    {tr(segment ? "CONDITION" : "ENTRY CODES"), side::left, 48},
                    {tr("NOTE"), side::left, 32}});
  for (auto& item : part(*answer, "items"))
    table.add({shown(item, "id"), shown(item, "name"),
               shown(item, segment ? "condition" : "entry_codes"), shown(item, "note")});
  auto text =
      table.text() + tr("{} in all", count_text(static_cast<long long>(table.rows()))) + '\n';
  return report{std::move(*answer), std::move(text)};
}

outcome change_catalog(control_client& daemon, const catalog_order& what) {
  json params{{"id", what.id}};
  if (what.verb != "delete") params["fields"] = fields_of(what.fields);
  auto answer = daemon.call(what.kind + '.' + what.verb, params);
  if (!answer) return tl::unexpected(answer.error());
  const auto* done = what.verb == "create"   ? "{} is there now"
                     : what.verb == "update" ? "{} is changed"
                                             : "{} is gone";
  return report{std::move(*answer), tr(done, what.id) + '\n'};
}

outcome list_leads(control_client& daemon, const std::string& customer, std::int64_t limit) {
  auto answer = daemon.call("lead.list", {{"customer_id", customer}, {"limit", limit}});
  if (!answer) return tl::unexpected(answer.error());
  text_table table({{tr("LEAD")},
                    {tr("TITLE"), side::left, 32},
                    {tr("STAGE")},
                    {tr("VALUE"), side::right},
                    {tr("OWNER"), side::left, 14},
                    {tr("CAMPAIGN"), side::left, 14},
                    {tr("AT")}});
  for (auto& l : part(*answer, "leads"))
    table.add({shown(l, "lead_id"), shown(l, "title"), shown(l, "stage"), shown(l, "value"),
               shown(l, "owner"), shown(l, "campaign"), moment_text(number(l, "created_at"))});
  auto text =
      table.text() + tr("{} in all", count_text(static_cast<long long>(table.rows()))) + '\n';
  if (answer->value("more", false)) text += tr("and more") + '\n';
  return report{std::move(*answer), std::move(text)};
}

outcome write_lead(control_client& daemon, const lead_order& what) {
  json params{{"fields", fields_of(what.fields)}};
  if (!what.lead.empty()) params["lead_id"] = what.lead;
  if (!what.customer.empty()) params["customer_id"] = what.customer;
  if (!what.session.empty()) {
    auto id = find_session(daemon, what.session);
    if (!id) return tl::unexpected(id.error());
    params["session_id"] = *id;
  }
  auto answer = daemon.call(what.lead.empty() ? "lead.create" : "lead.update", params);
  if (!answer) return tl::unexpected(answer.error());
  auto text =
      tr(what.lead.empty() ? "{} is there now" : "{} is changed", shown(*answer, "lead_id"));
  if (auto& same = part(*answer, "duplicates"); !same.empty())
    text += '\n' + tr("open already: {}", shown(*answer, "duplicates"));
  return report{std::move(*answer), text + '\n'};
}

}  // namespace switchboard::ctl
