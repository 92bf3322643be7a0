#include "tools/switchboardctl/cel_command.hpp"

#include <fstream>
#include <sstream>

#include "runtime/cel/conformance.hpp"
#include "runtime/cel/program.hpp"

namespace switchboard::ctl {
namespace {

tl::unexpected<failure> refused(std::string message) {
  return tl::unexpected(failure{exit_code::failed, "invalid_argument", std::move(message), {}, {}});
}

cel::value value_of(const json& from) {
  switch (from.type()) {
    case json::value_t::boolean:
      return cel::value::boolean(from.get<bool>());
    case json::value_t::number_integer:
      return cel::value::integer(from.get<std::int64_t>());
    case json::value_t::number_unsigned: {
      auto number = from.get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(INT64_MAX))
        return cel::value::unsigned_integer(number);
      return cel::value::integer(static_cast<std::int64_t>(number));
    }
    case json::value_t::number_float:
      return cel::value::real(from.get<double>());
    case json::value_t::string:
      return cel::value::string(from.get<std::string>());
    case json::value_t::array: {
      std::vector<cel::value> items;
      for (auto& item : from) items.push_back(value_of(item));
      return cel::value::list(std::move(items));
    }
    case json::value_t::object: {
      std::vector<std::pair<std::string, cel::value>> fields;
      for (auto& [name, item] : from.items()) fields.emplace_back(name, value_of(item));
      return cel::value::record(std::move(fields));
    }
    default:
      return {};
  }
}

}  // namespace

outcome evaluate_cel(const std::string& expression, const std::string& variables) {
  // Bounded, since the reader of JSON works by recursion.
  auto given = json::parse(
      variables.empty() ? "{}" : variables,
      [](int depth, json::parse_event_t, json&) {
        if (depth > 64) throw std::runtime_error("nested too deeply");
        return true;
      },
      false);
  if (!given.is_object()) return refused("--vars is no JSON object");
  cel::environment names;
  cel::bindings values;
  for (auto& [name, item] : given.items()) {
    names.add_variable(name, cel::type::dyn());
    values.bind(name, value_of(item));
  }
  auto program = cel::compile(expression, names);
  if (!program) return refused(program.error().to_string());
  auto result = program->evaluate(values);
  if (!result) {
    return tl::unexpected(
        failure{exit_code::failed, "failed_precondition", result.error().to_string(), {}, {}});
  }
  report out;
  auto text = result->to_string();
  out.data["type"] = cel::name_of(result->which());
  out.data["text"] = text;
  out.data["value"] = json::parse(cel::to_json(*result).dump());
  out.text = text + '\n';
  return out;
}

outcome run_cel_conformance(const std::string& file) {
  std::ifstream in(file);
  if (!in)
    return tl::unexpected(
        failure{exit_code::failed, "not_found", file + ": cannot be read", {}, {}});
  std::ostringstream told;
  bool passed = cel::run_conformance(in, told) == 0;
  auto text = told.str();
  auto end = text.find_last_not_of('\n');
  auto last = text.rfind('\n', end);
  auto from = last == std::string::npos ? 0 : last + 1;
  auto summary = text.substr(from, end + 1 - from);
  if (passed) return report{{{"summary", summary}}, std::move(text)};
  failure why{exit_code::failed, "failed_precondition", summary, {}, text};
  std::istringstream lines(text.substr(0, from));
  for (std::string line; std::getline(lines, line);) why.details["cases"].push_back(line);
  return tl::unexpected(std::move(why));
}

}  // namespace switchboard::ctl
