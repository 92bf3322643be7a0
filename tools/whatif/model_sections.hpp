#pragma once

#include <string>
#include <vector>

#include "config/yaml_value.hpp"
#include "tools/whatif/deployment_model.hpp"

/// One reader per section of a model. Private to this room.
namespace switchboard::whatif {

void read_requests(const config::yaml_value& section, deployment_model& out);
void read_habits(const config::yaml_value& section, deployment_model& out);
/// Adds agents to the dispatch configuration; `like` tells of whom each is a copy.
void read_hires(const config::yaml_value& section, deployment_model& out,
                std::map<std::string, std::string>& like);
void read_staffing(const config::yaml_value& section, deployment_model& out,
                   const std::map<std::string, std::string>& like);
bool read_start(const config::yaml_value& value, deployment_model& out);

/// The moment a clock on the wall of the contact center shows `date` ("2026-11-02") and `minute`.
timestamp moment_at(const std::string& date, int minute, const std::string& zone);

/// Reads the record at `path` into the model, reporting to `errors`.
void read_record(const std::string& path, deployment_model& out, config::error_list& errors);

}  // namespace switchboard::whatif
