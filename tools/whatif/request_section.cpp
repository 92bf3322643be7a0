#include <algorithm>
#include <cmath>

#include "config/quantity.hpp"
#include "runtime/codec/pack.hpp"
#include "tools/whatif/model_sections.hpp"

namespace switchboard::whatif {
namespace {

using config::yaml_map;
using config::yaml_value;

constexpr millis longest{7 * 24 * 3'600'000};
constexpr config::name_entry<law_shape> shapes[] = {{"exponential", law_shape::exponential},
                                                    {"lognormal", law_shape::lognormal},
                                                    {"fixed", law_shape::fixed}};

bool read_mean(const yaml_value& value, span_law& out) {
  millis mean{0};
  if (!value.duration(mean, millis{1}, longest)) return false;
  out.mean_ms = static_cast<double>(mean.count());
  return true;
}

/// "6m", or {mean: 6m, shape: lognormal, cv: 0.8}.
void read_law(const yaml_value& value, span_law& out) {
  if (!value.node().IsMap()) {
    read_mean(value, out);
    return;
  }
  yaml_map map(value);
  if (auto v = map.need("mean")) read_mean(*v, out);
  if (auto v = map.find("shape")) v->choice<law_shape>(out.shape, "shape", shapes);
  if (auto v = map.find("cv")) {
    v->number(out.cv, 0, 20);
    if (out.shape != law_shape::lognormal) v->refuse("only lognormal has one");
  }
  map.finish();
}

void read_rates(const yaml_value& value, std::array<double, 24>& out) {
  constexpr double most = 10'000'000;
  const auto rates = value.one_or_list(24);
  if (rates.size() != 1 && rates.size() != 24) {
    value.refuse("expected one number, or 24: one for each hour of the day");
    return;
  }
  for (std::size_t h = 0; h < 24; ++h) {
    if (h < rates.size()) {
      rates[h].number(out[h], 0, most);
    } else {
      out[h] = out[0];
    }
  }
}

void read_levels(const yaml_value& value, std::vector<std::pair<int, double>>& out) {
  yaml_map map(value);
  double sum = 0;
  for (const auto& [name, share] : map.entries()) {
    const auto level = config::parse_integer(name);
    double part = 0;
    if (!level || *level < 0 || *level > 1'000'000) {
      share.refuse("expected a member's level; 0 is for who is no member");
    } else if (share.number(part, 0, 1e9)) {
      out.emplace_back(static_cast<int>(*level), part);
      sum += part;
    }
  }
  if (sum <= 0) {
    value.refuse("no level has a share");
    return out.clear();
  }
  for (auto& [level, part] : out) part /= sum;
}

void read_tags(const yaml_value& value, std::vector<std::pair<std::string, double>>& out) {
  yaml_map map(value);
  for (const auto& [name, share] : map.entries()) {
    double part = 0;
    if (share.number(part, 0, 1)) out.emplace_back(name, part);
  }
}

void pack_scalar(codec::packer& p, const YAML::Node& node) {
  const auto& text = node.Scalar();
  const bool plain = node.Tag() != "!";
  if (plain && (text == "true" || text == "false")) {
    p.boolean(text == "true");
  } else if (const auto n = config::parse_integer(text); plain && n) {
    p.integer(*n);
  } else if (const auto d = config::parse_number(text); plain && d) {
    p.real(*d);
  } else {
    p.str(text);
  }
}

void read_attributes(const yaml_value& value, codec::packed_value& out) {
  yaml_map map(value);
  codec::packer p;
  p.map(static_cast<std::uint32_t>(map.entries().size()));
  for (const auto& [name, item] : map.entries()) {
    p.str(name);
    if (!item.node().IsScalar()) {
      item.refuse("expected text, a number, true or false");
      p.str("");
    } else {
      pack_scalar(p, item.node());
    }
  }
  out.bytes = p.take();
}

void read_request(yaml_map& map, const deployment_model& model, request_class& out) {
  auto& r = out.request;
  std::vector<std::string> channels;
  for (const auto& c : model.dispatch.channels) channels.push_back(c.id.value);
  if (auto v = map.find("channel")) {
    v->reference(r.channel, "channel", channels);
  } else if (!channels.empty()) {
    r.channel = channels.front();
  }
  if (auto v = map.find("entry")) v->text(r.entry);
  if (auto v = map.find("intent")) v->text(r.intent);
  if (auto v = map.find("subject")) v->text(r.subject);
  if (auto v = map.find("skills")) v->levels(r.skills);
  if (auto v = map.find("attributes")) read_attributes(*v, r.attributes);
}

request_class read_class(const yaml_value& value, const deployment_model& model) {
  request_class out;
  yaml_map map(value);
  if (auto v = map.need("name")) v->text(out.name, 64);
  if (auto v = map.find("per_hour")) read_rates(*v, out.per_hour);
  read_request(map, model, out);
  if (auto v = map.find("levels")) read_levels(*v, out.levels);
  if (auto v = map.find("tags")) read_tags(*v, out.tags);
  if (auto v = map.find("returning")) v->number(out.returning, 0, 1);
  if (auto v = map.find("open_orders")) v->number(out.open_orders, 0, 1);
  if (auto v = map.need("handle")) read_law(*v, out.handle);
  if (auto v = map.find("patience"); v && v->scalar() != "forever") {
    read_law(*v, out.patience.emplace());
  }
  map.finish();
  return out;
}

}  // namespace

void read_requests(const yaml_value& section, deployment_model& out) {
  for (const auto& one : section.list(1000)) {
    auto made = read_class(one, out);
    const auto same = std::ranges::find(out.requests, made.name, &request_class::name);
    if (same != out.requests.end()) one.refuse("\"" + made.name + "\" is declared twice");
    out.requests.push_back(std::move(made));
  }
  if (out.requests.empty()) section.refuse("nobody asks for anything");
}

void read_habits(const yaml_value& section, deployment_model& out) {
  auto& h = out.habits;
  yaml_map map(section);
  if (auto v = map.find("accept_after")) read_law(*v, h.accept_after);
  if (auto v = map.find("decline")) v->number(h.decline, 0, 1);
  if (auto v = map.find("miss")) v->number(h.miss, 0, 1);
  if (auto v = map.find("back_after")) v->duration(h.back_after, millis{1'000}, longest);
  if (auto v = map.find("wrap_up")) read_law(*v, h.wrap_up);
  if (auto v = map.find("speed")) {
    yaml_map speeds(*v);
    std::vector<std::string> agents;
    for (const auto& a : out.dispatch.agents) agents.push_back(a.id.value);
    for (const auto& [name, speed] : speeds.entries()) {
      if (std::ranges::find(agents, name) == agents.end()) {
        speed.refuse(config::unknown_name("agent", name, agents));
      } else {
        speed.number(h.speed[name], 0.01, 100);
      }
    }
  }
  map.finish();
}

}  // namespace switchboard::whatif
